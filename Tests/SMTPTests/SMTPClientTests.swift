import FoundationEssentials
import PostgresTesting
import SMTPTesting
import Testing

@testable import SMTP

extension SMTPError {
    /// The name of its case.
    var kind: String { Mirror(reflecting: self).children.first?.label ?? "" }
}

@Suite(.timeLimit(.minutes(5))) struct SMTPClientTests {
    private func mail(
        id: String = "0190a1b2-0000-7000-8000-00000000d001", subject: String = "Invoice INV-2026-000001",
        text: String = "Hello\n", html: String = "<p>Hello</p>"
    ) throws -> Mail {
        Mail(
            id: id, from: try #require(MailAddress("Invoices <invoices@example.com>")),
            to: try #require(MailAddress("books@customer.example")), subject: subject, text: text, html: html,
            language: "en", date: Date(timeIntervalSince1970: 1_795_000_000))
    }

    private func configuration(
        _ port: Int, _ security: SMTPSecurity = .startTLSIfOffered, password: String? = nil
    ) -> SMTPConfiguration {
        var configuration = SMTPConfiguration(
            host: "localhost", port: port, security: security,
            credentials: password.map { SMTPCredentials(user: "clerk", password: $0) })
        configuration.timeout = .seconds(30)
        return configuration
    }

    private func error(
        _ change: (inout MailReceiver.Behaviour) -> Void, sending mail: Mail? = nil,
        _ configure: (inout SMTPConfiguration) -> Void = { _ in }
    ) async throws -> SMTPError {
        try await MailReceiver.running(change) { receiver, port in
            var configuration = configuration(port)
            configure(&configuration)
            let error = await #expect(throws: SMTPError.self) {
                try await SMTPClient(configuration).send(try mail ?? self.mail())
            }
            #expect(receiver.mails.isEmpty)
            return try #require(error)
        }
    }

    @Test func `a mail arrives as it was sent`() async throws {
        try await MailReceiver.running { receiver, port in
            try await SMTPClient(configuration(port)).send(mail())
            let mail = try #require(receiver.mails.first)
            #expect(receiver.mails.count == 1)
            #expect(mail.sender == "MAIL FROM:<invoices@example.com>")
            #expect(mail.recipient == "RCPT TO:<books@customer.example>")
            #expect(mail.header("Subject") == "Invoice INV-2026-000001")
            #expect(mail.header("From") == "\"Invoices\" <invoices@example.com>")
            #expect(mail.header("To") == "books@customer.example")
            #expect(mail.header("Message-ID") == "<0190a1b2-0000-7000-8000-00000000d001@example.com>")
            #expect(mail.header("Date") == "Wed, 18 Nov 2026 11:06:40 +0000")
            #expect(mail.header("Auto-Submitted") == "auto-generated")
            #expect(mail.lines.contains("Hello") && mail.lines.contains("<p>Hello</p>"))
            #expect(receiver.commands.last == "QUIT")
        }
    }

    @Test func `lines that begin with dots arrive with them, and do not end the mail`() async throws {
        try await MailReceiver.running { receiver, port in
            try await SMTPClient(configuration(port)).send(mail(text: ".\n..\n.hidden\n\nend"))
            let lines = try #require(receiver.mails.first?.lines)
            for line in [".", "..", ".hidden", "end"] { #expect(lines.contains(line), "\(line)") }
        }
    }

    @Test(arguments: [
        ("MAIL", "451 4.3.0 try later", false), ("RCPT", "550 5.1.1 no such user", true),
        ("RCPT", "450 4.2.0 greylisted", false), ("DATA", "554 5.7.1 no", true), ("DATA", "421 closing", false),
    ])
    func `a refusal is permanent or not as its code says`(
        command: String, reply: String, isPermanent: Bool
    ) async throws {
        let error = try await error { $0.replies[command] = reply }
        #expect(error.kind == "refused")
        #expect("\(error)".hasSuffix(": \(reply)"))
        #expect(error.isPermanent == isPermanent)
    }

    @Test(arguments: [("552 5.2.2 mailbox full", true), ("451 4.7.1 try later", false)])
    func `a mail can be refused at its end`(reply: String, isPermanent: Bool) async throws {
        let error = try await error { $0.replyToMail = reply }
        #expect(error.isPermanent == isPermanent)
        #expect("\(error)" == "the mail relay refused the mail at the end of the mail: \(reply)")
    }

    @Test(arguments: ["554 go away", "421 too busy"])
    func `a session that is refused says nothing about the mail`(greeting: String) async throws {
        let error = try await error { $0.replies["greeting"] = greeting }
        #expect(error.kind == "sessionRefused")
        #expect(!error.isPermanent)
    }

    @Test(arguments: ["greeting", "EHLO", "MAIL", "RCPT", "DATA"])
    func `a relay that says nothing is waited for no longer than the time-out`(silent: String) async throws {
        let start = ContinuousClock.now
        let error = try await error({ $0.replies[silent] = "" }, { $0.timeout = .milliseconds(300) })
        #expect(error.kind == "timedOut")
        #expect(!error.isPermanent)
        #expect(ContinuousClock.now - start >= .milliseconds(300))
    }

    @Test func `a connection that is lost within the mail leaves its outcome unknown`() async throws {
        let error = try await error { $0.linesBeforeCut = 3 }
        #expect(error.kind == "outcomeUnknown")
        #expect(!error.isPermanent)
    }

    @Test func `a relay that takes the mail and is gone leaves the outcome unknown, and a repetition has the same id`()
        async throws
    {
        try await MailReceiver.running({ $0.replyToMail = nil }) { receiver, port in
            let client = SMTPClient(configuration(port))
            let error = try #require(await #expect(throws: SMTPError.self) { try await client.send(mail()) })
            #expect(error.kind == "outcomeUnknown")
            receiver.change { $0.replyToMail = "250 ok" }
            try await client.send(mail())
            #expect(Set(receiver.mails.map { $0.header("Message-ID") }).count == 1)
            #expect(receiver.mails.count == 2)
        }
    }

    @Test func `nobody who listens is a transient error`() async throws {
        let thrown = await #expect(throws: SMTPError.self) {
            try await SMTPClient(configuration(try FreePort.find())).send(mail())
        }
        let error = try #require(thrown)
        #expect(error.kind == "unreachable")
        #expect(!error.isPermanent)
    }

    @Test func `who speaks no SMTP is told apart`() async throws {
        let error = try await error { $0.replies["greeting"] = "HTTP/1.1 400 Bad Request" }
        #expect(error.kind == "protocolViolation")
    }

    @Test func `a cancelled mail ends its connection`() async throws {
        try await MailReceiver.running({ $0.replies["RCPT"] = "" }) { receiver, port in
            let mail = try mail()
            let sending = Task { try await SMTPClient(configuration(port)).send(mail) }
            while !receiver.commands.contains(where: { $0.hasPrefix("RCPT") }) {
                try await Task.sleep(for: .milliseconds(5))
            }
            sending.cancel()
            await #expect(throws: CancellationError.self) { try await sending.value }
        }
    }

    @Test func `a mail that is larger than the relay takes is not sent`() async throws {
        let error = try await error(
            { $0.extensions = ["SIZE 2000"] }, sending: mail(text: String(repeating: "x", count: 4_000)))
        #expect(error.isPermanent)
        #expect("\(error)".contains("the relay takes 2000"))
    }

    @Test func `a relay without EHLO gets HELO`() async throws {
        try await MailReceiver.running({ $0.replies["EHLO"] = "502 unknown" }) { receiver, port in
            try await SMTPClient(configuration(port)).send(mail())
            #expect(receiver.mails.count == 1)
        }
    }

    @Test(arguments: ["a\r\nBcc: x@evil.example", "a\nb", "a\u{0}b", "a\u{7f}b", "a\u{85}b"])
    func `a subject cannot bring headers of its own`(subject: String) async throws {
        let error = try await error({ _ in }, sending: mail(subject: subject))
        #expect(error.kind == "invalidMail")
        #expect(error.isPermanent)
    }

    @Test(arguments: ["", "a b", "a>\r\nX: y", "ü", "a@b", String(repeating: "x", count: 513)])
    func `an id is letters, digits and a few signs`(id: String) async throws {
        let error = try await error({ _ in }, sending: mail(id: id))
        #expect(error.isPermanent)
    }
}

import FoundationEssentials
import PostgresTesting
import SMTPTesting
import Testing

@testable import SMTP

@Suite(.timeLimit(.minutes(5))) struct SMTPSecurityTests {
    private func mail() throws -> Mail {
        let address = try #require(MailAddress("a@example.com"))
        return Mail(
            id: "1", from: address, to: address, subject: "s", text: "t", html: "h", language: "en", date: .distantPast)
    }

    /// Sends a mail to a relay with a certificate for localhost.
    private func send(
        as security: SMTPSecurity, password: String? = nil, certificateOf name: String = "localhost",
        isTrusted: Bool = true, _ change: @Sendable @escaping (inout MailReceiver.Behaviour) -> Void = { _ in }
    ) async throws -> (error: SMTPError?, receiver: MailReceiver) {
        try await withTemporaryFolder { folder in
            let authority = try await TestAuthority(in: folder)
            let certificate = try await authority.issue(name)
            return try await MailReceiver.running({
                $0.certificate = (certificate.file, certificate.keyFile)
                $0.extensions = ["STARTTLS", "AUTH PLAIN LOGIN"]
                $0.isEncryptedFromTheStart = security == .tls
                if password != nil { $0.passwords = ["clerk": "s3cret päss"] }
                change(&$0)
            }) { receiver, port in
                var configuration = SMTPConfiguration(
                    host: "localhost", port: port, security: security,
                    credentials: password.map { SMTPCredentials(user: "clerk", password: $0) })
                configuration.timeout = .seconds(30)
                if isTrusted { configuration.rootCertificateFile = authority.file }
                do {
                    try await SMTPClient(configuration).send(try mail())
                    return (nil, receiver)
                } catch let error as SMTPError {
                    return (error, receiver)
                }
            }
        }
    }

    @Test(arguments: [SMTPSecurity.tls, .startTLS, .startTLSIfOffered])
    func `a mail goes over an encrypted connection, with the user's password`(security: SMTPSecurity) async throws {
        let (error, receiver) = try await send(as: security, password: "s3cret päss")
        #expect(error == nil)
        #expect(receiver.mails.map(\.isEncrypted) == [true])
        #expect(receiver.mails.map(\.user) == ["clerk"])
    }

    @Test func `a relay that knows only LOGIN gets the password that way`() async throws {
        let (error, receiver) = try await send(as: .startTLS, password: "s3cret päss") {
            $0.extensions = ["STARTTLS", "AUTH=LOGIN"]
        }
        #expect(error == nil)
        #expect(receiver.mails.map(\.user) == ["clerk"])
    }

    @Test func `a wrong password is told without it, and the mail can be sent when it is mended`() async throws {
        let (found, receiver) = try await send(as: .tls, password: "guess")
        let error = try #require(found)
        #expect(error.kind == "sessionRefused")
        #expect(!error.isPermanent && !"\(error)".contains("guess"))
        #expect(receiver.mails.isEmpty)
    }

    @Test func `no password is sent where STARTTLS is taken out of the offer`() async throws {
        let (found, receiver) = try await send(as: .startTLS, password: "s3cret päss") {
            $0.extensions = ["AUTH PLAIN"]
        }
        #expect(found?.kind == "unsupported")
        #expect(!receiver.commands.contains { $0.hasPrefix("AUTH") })
    }

    @Test func `a relay without TLS takes mail where it is not asked for`() async throws {
        let (error, receiver) = try await send(as: .startTLSIfOffered) { $0.extensions = [] }
        #expect(error == nil)
        #expect(receiver.mails.map(\.isEncrypted) == [false])
    }

    @Test(arguments: [SMTPSecurity.tls, .startTLS])
    func `a certificate of another name or authority is refused`(security: SMTPSecurity) async throws {
        for (name, isTrusted) in [("other.example", true), ("localhost", false)] {
            let (found, receiver) = try await send(as: security, certificateOf: name, isTrusted: isTrusted)
            #expect(found?.kind == "tls")
            #expect(receiver.mails.isEmpty)
        }
    }

    @Test func `what somebody sends behind STARTTLS in plain ends the connection`() async throws {
        let (found, receiver) = try await send(as: .startTLS, password: "s3cret päss") {
            $0.injectedBehindStartTLS = "250-relay.test\r\n250 AUTH PLAIN\r\n"
        }
        #expect(found?.kind == "protocolViolation")
        #expect(!receiver.commands.contains { $0.hasPrefix("AUTH") })
    }

    @Test func `a root certificate that is not there is named`() async throws {
        var configuration = SMTPConfiguration(host: "localhost", port: 1, security: .tls)
        configuration.rootCertificateFile = "/nowhere/ca.pem"
        let error = await #expect(throws: SMTPError.self) { try await SMTPClient(configuration).send(mail()) }
        #expect(error.map { "\($0)".contains("/nowhere/ca.pem") } == true)
    }
}

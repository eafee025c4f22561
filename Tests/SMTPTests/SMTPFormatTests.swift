import FoundationEssentials
import Testing

@testable import SMTP

@Suite struct SMTPFormatTests {
    // MARK: Replies

    @Test func `replies are read however their bytes come`() throws {
        let bytes = Array("250-relay\r\n250-SIZE 5\r\n250 ok\r\n354\r\n".utf8)
        let expected = [
            SMTPReply(code: 250, lines: ["relay", "SIZE 5", "ok"]), SMTPReply(code: 354, lines: [""]),
        ]
        for size in 1...bytes.count {
            var (parser, replies) = (SMTPReplyParser(), [SMTPReply]())
            for start in stride(from: 0, to: bytes.count, by: size) {
                parser.append(bytes[start..<min(start + size, bytes.count)])
                while let reply = try parser.next() { replies.append(reply) }
            }
            #expect(replies == expected, "\(size) bytes at a time")
            #expect(!parser.hasLeftover)
        }
    }

    @Test(arguments: ["hello\r\n", "25\r\n", "250_x\r\n", "999 x\r\n", "\r\n", "-25 x\r\n"])
    func `what is no reply is refused`(text: String) {
        var parser = SMTPReplyParser()
        parser.append(Array(text.utf8))
        #expect(throws: SMTPError.self) { try parser.next() }
    }

    @Test func `a reply that does not end is not collected for ever`() {
        for piece in ["250-x\r\n", String(repeating: "x", count: 100)] {
            #expect(throws: SMTPError.self) {
                var parser = SMTPReplyParser()
                if piece.hasPrefix("x") { parser.append(Array("250 ".utf8)) }
                for _ in 0...SMTPReplyParser.limit {
                    parser.append(Array(piece.utf8))
                    _ = try parser.next()
                }
            }
        }
    }

    // MARK: Texts

    @Test(arguments: [
        ("plain", ["plain"]), ("", [""]), ("a=b", ["a=3Db"]), ("end ", ["end=20"]), ("tab\t", ["tab=09"]),
        ("Grüße", ["Gr=C3=BC=C3=9Fe"]), ("a\r\nb\rc\nd", ["a", "b", "c", "d"]), ("\u{0}", ["=00"]),
    ])
    func `text is quoted-printable`(text: String, lines: [String]) {
        #expect(QuotedPrintable.lines(of: text) == lines)
    }

    @Test func `long lines are folded at 76 characters, and come back whole`() throws {
        for text in [
            String(repeating: "x", count: 500), String(repeating: "ü", count: 200),
            String(repeating: "x", count: 76), String(repeating: "x", count: 77), String(repeating: "a ", count: 60),
        ] {
            let lines = QuotedPrintable.lines(of: text)
            #expect(lines.allSatisfy { $0.utf8.count <= 76 })
            #expect(lines.dropLast().allSatisfy { $0.hasSuffix("=") })
            let joined = lines.dropLast().map { $0.dropLast() }.joined() + (lines.last ?? "")
            #expect(Self.unquoted(joined) == text)
        }
    }

    private static func unquoted(_ text: String) -> String {
        var (bytes, rest) = ([UInt8](), Substring(text))
        while let first = rest.utf8.first {
            if first == UInt8(ascii: "=") {
                bytes.append(UInt8(rest.dropFirst().prefix(2), radix: 16) ?? 0)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(first)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `subjects in other letters are encoded words`() throws {
        #expect(EncodedWord.text("Invoice 1") == "Invoice 1")
        #expect(EncodedWord.text("=?utf-8?B?eA==?=").hasPrefix("=?utf-8?B?"))
        #expect(EncodedWord.text("Überfällig") == "=?utf-8?B?w5xiZXJmw6RsbGln?=")
        let long = EncodedWord.text(String(repeating: "ü漢🧾", count: 60))
        let words = long.components(separatedBy: "\r\n ")
        #expect(words.allSatisfy { $0.utf8.count <= 75 && $0.hasPrefix("=?utf-8?B?") && $0.hasSuffix("?=") })
        let decoded = words.map { word in
            String(decoding: Data(base64Encoded: String(word.dropFirst(10).dropLast(2))) ?? Data(), as: UTF8.self)
        }
        #expect(decoded.joined() == String(repeating: "ü漢🧾", count: 60))
        #expect(EncodedWord.text(String(repeating: "long ", count: 40)).hasPrefix("=?utf-8?B?"))
    }

    @Test(arguments: [
        (0, "Thu, 1 Jan 1970 00:00:00 +0000"), (951_782_399, "Mon, 28 Feb 2000 23:59:59 +0000"),
        (1_795_000_000, "Wed, 18 Nov 2026 11:06:40 +0000"),
    ])
    func `dates are those of mail`(seconds: Int, text: String) {
        #expect(MailDate.text(of: Date(timeIntervalSince1970: TimeInterval(seconds))) == text)
    }

    @Test func `a mail is lines of ASCII, ended by CRLF`() throws {
        let address = try #require(MailAddress("Büro, Nord <a@example.com>"))
        let mail = Mail(
            id: "x", from: address, to: address, subject: "Überfällig", text: "ä\n.\n", html: "<p>ß</p>",
            language: "de", date: Date(timeIntervalSince1970: 0))
        let text = String(decoding: try mail.encoded(), as: UTF8.self)
        #expect(text.hasSuffix("\r\n.\r\n"))
        #expect(text.utf8.allSatisfy { $0 < 0x80 })
        let lines = text.components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { !$0.contains("\n") && !$0.contains("\r") && $0.utf8.count <= 998 })
        #expect(lines.contains(".."))
        #expect(lines.contains("From: =?utf-8?B?QsO8cm8sIE5vcmQ=?= <a@example.com>"))
        #expect(lines.contains("Content-Language: de"))
    }

    // MARK: Addresses and URLs

    @Test(arguments: [
        "a@b.example", "first.last+tag@sub.domain.example", "Name <a@b.c>", "\"A, B\" <a@b.c>", "<a@b.c>",
    ])
    func `addresses are read`(text: String) throws {
        let address = try #require(MailAddress(text))
        #expect(address.address.contains("@") && !address.address.contains("<"))
        #expect(MailAddress("\"A, B\" <a@b.c>")?.name == "A, B")
    }

    @Test(arguments: [
        "", "a", "a@", "@b", "a@b@c", "a b@c", "a@b\r\nRCPT TO:<x@y>", "ü@b.c", "a@ü.de", "a@b>", "a..b@c", ".a@b",
        "a@-_",
        "\"a b\"@c", "a@b, c@d", "Name\n <a@b.c>",
    ])
    func `what is no address is refused`(text: String) { #expect(MailAddress(text) == nil, "\(text)") }

    @Test func `a URL says where the relay is and how it is encrypted`() throws {
        let relay = try SMTPConfiguration(url: "smtp://clerk%40example.com:p%40ss@mail.example")
        #expect((relay.host, relay.port) == ("mail.example", 587))
        #expect(relay.security == .startTLS)
        #expect(relay.credentials?.user == "clerk@example.com")
        #expect(relay.credentials?.password == "p@ss")
        #expect(try SMTPConfiguration(url: "smtp://mail.example:25").security == .startTLSIfOffered)
        #expect(try SMTPConfiguration(url: "smtp://u:p@localhost:25").security == .startTLSIfOffered)
        let implicit = try SMTPConfiguration(url: "smtps://u:p@[::1]")
        #expect((implicit.host, implicit.port) == ("::1", 465))
        #expect(implicit.security == .tls)
    }

    @Test(arguments: [
        "", "mail.example", "http://mail.example", "smtp://", "smtp://user@host", "smtp://user:@host",
        "smtp://host:0", "smtp://host:70000", "smtp://host/path", "smtp://host?x=1", "smtp://u:p%00@host",
    ])
    func `a broken URL is refused, and not repeated`(url: String) {
        let error = #expect(throws: InvalidSMTPURL.self) { try SMTPConfiguration(url: url) }
        if !url.isEmpty { #expect(error.map { "\($0)".contains(url) } == false) }
    }

    @Test func `a password shows in no description and no reflection`() throws {
        let relay = try SMTPConfiguration(url: "smtps://clerk:s3cret@mail.example")
        var dumped = ""
        dump(relay, to: &dumped)
        #expect(!"\(relay)\(dumped)".contains("s3cret"))
    }
}

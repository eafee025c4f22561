public import FoundationEssentials

/// A mail as text and as HTML, to one recipient.
public struct Mail: Hashable, Sendable {
    /// Unique for the mail, and the same when it is sent again: receivers tell a repetition by it. The left side of the
    /// `Message-ID`, whose right side is the sender's domain: letters, digits, and any of `- _ .`.
    public var id: String
    /// Who sends it.
    public var from: MailAddress
    /// Who gets it.
    public var to: MailAddress
    /// One line; it is encoded as needed.
    public var subject: String
    /// The text for programs that show no HTML.
    public var text: String
    /// The same as a page.
    public var html: String
    /// A language tag, such as `de`.
    public var language: String
    /// When it was written.
    public var date: Date

    /// Makes a mail with both forms of its text.
    public init(
        id: String, from: MailAddress, to: MailAddress, subject: String, text: String, html: String, language: String,
        date: Date
    ) {
        self.id = id
        self.from = from
        self.to = to
        self.subject = subject
        self.text = text
        self.html = html
        self.language = language
        self.date = date
    }
}

extension Mail {
    /// Quoted-printable writes `=` as `=3D`, so that no line of a part can be this.
    private static let boundary = "=_alternative_=_"

    /// The mail as it goes behind `DATA`, with its end: 7-bit lines of at most 998 bytes, so that any relay takes it
    /// (RFC 5322, RFC 2045).
    ///
    /// - Throws: ``SMTPError/invalidMail(_:)`` for a header with a control character, as in a line break.
    func encoded() throws(SMTPError) -> [UInt8] {
        for (name, value) in [("subject", subject), ("id", id), ("language", language)] {
            guard !value.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
                throw .invalidMail("its \(name) has a control character")
            }
        }
        guard !id.isEmpty, id.utf8.count <= 512, id.utf8.allSatisfy(Self.isAllowedInID),
            language.utf8.allSatisfy(Self.isAllowedInID)
        else { throw .invalidMail("its id or its language has other characters than letters, digits, - _ .") }
        let head = [
            "Date: \(MailDate.text(of: date))",
            "Message-ID: <\(id)@\(from.domain)>",
            "From: \(from.header)",
            "To: \(to.header)",
            "Subject: \(EncodedWord.text(subject))",
            "MIME-Version: 1.0",
            "Auto-Submitted: auto-generated",
            "Content-Language: \(language)",
            "Content-Type: multipart/alternative;",
            " boundary=\"\(Self.boundary)\"",
            "",
        ]
        var lines = head
        for (type, content) in [("text/plain", text), ("text/html", html)] {
            lines += [
                "--\(Self.boundary)", "Content-Type: \(type); charset=utf-8",
                "Content-Transfer-Encoding: quoted-printable", "",
            ]
            lines += QuotedPrintable.lines(of: content)
        }
        lines.append("--\(Self.boundary)--")
        // A line that begins with a dot would end the mail (RFC 5321, section 4.5.2).
        let stuffed = lines.map { $0.utf8.first == UInt8(ascii: ".") ? "." + $0 : $0 }
        return Array((stuffed.joined(separator: "\r\n") + "\r\n.\r\n").utf8)
    }

    private static func isAllowedInID(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}

extension MailAddress {
    /// As the header is written.
    fileprivate var header: String { name.map { "\(EncodedWord.phrase($0)) <\(address)>" } ?? address }
}

import FoundationEssentials

/// Sends mail through a relay (RFC 5321), a connection for each mail.
public struct SMTPClient: Sendable {
    private let configuration: SMTPConfiguration

    /// Makes a client, which connects for each mail.
    public init(_ configuration: SMTPConfiguration) { self.configuration = configuration }

    /// Hands a mail to the relay.
    ///
    /// - Throws: ``SMTPError``; `CancellationError`. After ``SMTPError/outcomeUnknown(_:)`` and after a cancellation the relay
    ///   may have the mail.
    public func send(_ mail: Mail) async throws {
        let data = try mail.encoded()
        let connection = try await SMTPConnection.open(configuration)
        do {
            let extensions = try await begin(connection)
            try await transmit(mail, data, extensions, on: connection)
        } catch {
            await connection.close()
            throw error
        }
        // The mail is the relay's; how the session ends does not matter.
        _ = try? await connection.command("QUIT", step: "QUIT")
        await connection.close()
    }

    /// Introduces the client, encrypts the connection, and authenticates.
    private func begin(_ connection: SMTPConnection) async throws -> SMTPExtensions {
        var extensions = try await hello(connection)
        if configuration.security != .tls {
            if extensions.offersStartTLS {
                let reply = try await connection.command("STARTTLS", step: "STARTTLS")
                guard reply.isPositive else { throw SMTPError.sessionRefused(reply, step: "STARTTLS") }
                try await connection.startTLS()
                // What was said in plain may have been changed on the way (RFC 3207, section 4.2).
                extensions = try await hello(connection)
            } else if configuration.security == .startTLS {
                throw SMTPError.unsupported("it does not offer STARTTLS, without which no password is sent")
            }
        }
        if let credentials = configuration.credentials {
            try await authenticate(credentials, extensions, on: connection)
        }
        return extensions
    }

    private func hello(_ connection: SMTPConnection) async throws -> SMTPExtensions {
        let reply = try await connection.command("EHLO \(configuration.clientName)", step: "EHLO")
        if reply.isPositive { return SMTPExtensions(reply) }
        guard reply.isPermanent else { throw SMTPError.sessionRefused(reply, step: "EHLO") }
        let oldReply = try await connection.command("HELO \(configuration.clientName)", step: "HELO")
        guard oldReply.isPositive else { throw SMTPError.sessionRefused(oldReply, step: "HELO") }
        return SMTPExtensions()
    }

    /// RFC 4954; LOGIN is in no standard, and is what some relays have.
    private func authenticate(
        _ credentials: SMTPCredentials, _ extensions: SMTPExtensions, on connection: SMTPConnection
    ) async throws {
        func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
        var reply: SMTPReply
        if extensions.mechanisms.contains("PLAIN") {
            reply = try await connection.command(
                "AUTH PLAIN " + base64("\0\(credentials.user)\0\(credentials.password)"), step: "AUTH")
        } else if extensions.mechanisms.contains("LOGIN") {
            reply = try await connection.command("AUTH LOGIN", step: "AUTH")
            for answer in [credentials.user, credentials.password] where reply.code == 334 {
                reply = try await connection.command(base64(answer), step: "AUTH")
            }
        } else {
            throw SMTPError.unsupported("it offers neither AUTH PLAIN nor AUTH LOGIN")
        }
        guard reply.code == 235 else { throw SMTPError.sessionRefused(reply, step: "AUTH") }
    }

    private func transmit(
        _ mail: Mail, _ data: [UInt8], _ extensions: SMTPExtensions, on connection: SMTPConnection
    ) async throws {
        if let limit = extensions.sizeLimit, data.count > limit {
            throw SMTPError.invalidMail("it has \(data.count) bytes, and the relay takes \(limit)")
        }
        let commands = [
            ("MAIL FROM:<\(mail.from.address)>", "MAIL FROM", 200...299),
            ("RCPT TO:<\(mail.to.address)>", "RCPT TO", 200...299), ("DATA", "DATA", 354...354),
        ]
        for (line, step, expected) in commands {
            let reply = try await connection.command(line, step: step)
            guard expected.contains(reply.code) else { throw SMTPError.refused(reply, step: step) }
        }
        let reply: SMTPReply
        do {
            reply = try await connection.send(data, step: "the end of the mail")
        } catch let error as SMTPError {
            throw SMTPError.outcomeUnknown("\(error)")
        }
        guard reply.isPositive else { throw SMTPError.refused(reply, step: "the end of the mail") }
    }
}

/// What a relay offers in its reply to EHLO.
struct SMTPExtensions {
    private(set) var offersStartTLS = false
    private(set) var mechanisms: Set<String> = []
    /// In bytes.
    private(set) var sizeLimit: Int?

    init() {}

    init(_ reply: SMTPReply) {
        for line in reply.lines.dropFirst() {
            let words = line.uppercased().split { $0 == " " || $0 == "=" }
            switch words.first {
            case "STARTTLS": offersStartTLS = true
            case "AUTH": mechanisms.formUnion(words.dropFirst().map(String.init))
            case "SIZE": sizeLimit = words.dropFirst().first.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
            default: break
            }
        }
    }
}

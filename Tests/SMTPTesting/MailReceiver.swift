import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A mail relay on the loopback address that keeps what it receives and fails as configured.
package final class MailReceiver: Sendable {
    /// What a relay does.
    package struct Behaviour: Sendable {
        /// In its reply to EHLO, beside its name.
        package var extensions = ["8BITMIME"]
        /// What it replies to commands that begin so, instead of what is usual; an empty reply is none at all.
        package var replies: [String: String] = [:]
        /// What it replies at the end of a mail; nil: it closes the connection instead.
        package var replyToMail: String? = "250 2.0.0 taken"
        /// After how many lines of a mail it closes the connection.
        package var linesBeforeCut: Int?
        /// Passwords of users; empty: no authentication is needed.
        package var passwords: [String: String] = [:]
        /// The files of its certificate and its key.
        package var certificate: (file: String, keyFile: String)?
        /// TLS begins with the connection.
        package var isEncryptedFromTheStart = false
        /// What it sends in plain right behind its reply to STARTTLS, as an attacker on the way could.
        package var injectedBehindStartTLS = ""

        package init() {}
    }

    /// A mail as it was received.
    package struct Received: Sendable {
        package let sender: String
        package let recipient: String
        package let lines: [String]
        package let isEncrypted: Bool
        package let user: String?

        /// The value of a header, with its folded lines.
        package func header(_ name: String) -> String? {
            var value: String?
            for line in lines.prefix(while: { !$0.isEmpty }) {
                if let current = value {
                    guard line.hasPrefix(" ") else { return current }
                    value = current + line
                } else if line.lowercased().hasPrefix(name.lowercased() + ": ") {
                    value = String(line.dropFirst(name.count + 2))
                }
            }
            return value
        }
    }

    struct State {
        var behaviour: Behaviour
        var mails: [Received] = []
        var commands: [String] = []
        var connections = 0
    }

    let state: Mutex<State>

    private init(_ behaviour: Behaviour) { state = Mutex(State(behaviour: behaviour)) }

    /// What was taken, in its order.
    package var mails: [Received] { state.withLock(\.mails) }
    /// Every line that was sent as a command.
    package var commands: [String] { state.withLock(\.commands) }
    package var connections: Int { state.withLock(\.connections) }

    package func change(_ body: (inout Behaviour) -> Void) { state.withLock { body(&$0.behaviour) } }

    /// Runs a relay on a free port while `body` runs.
    package static func running<Answer>(
        _ change: (inout Behaviour) -> Void = { _ in }, _ body: (MailReceiver, _ port: Int) async throws -> Answer
    ) async throws -> Answer {
        var behaviour = Behaviour()
        change(&behaviour)
        let receiver = MailReceiver(behaviour)
        let context = try behaviour.certificate.map { certificate in
            try NIOSSLContext(
                configuration: .makeServerConfiguration(
                    certificateChain: try NIOSSLCertificate.fromPEMFile(certificate.file).map { .certificate($0) },
                    privateKey: .privateKey(try NIOSSLPrivateKey(file: certificate.keyFile, format: .pem))))
        }
        let isEncrypted = behaviour.isEncryptedFromTheStart
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if isEncrypted, let context {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        MailSession(receiver, context, isEncrypted: isEncrypted))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let answer: Answer
        do { answer = try await body(receiver, channel.localAddress?.port ?? 0) } catch {
            try? await channel.close()
            throw error
        }
        try? await channel.close()
        return answer
    }
}

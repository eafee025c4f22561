import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A connection to a relay, from its greeting on: sends a command and waits for its reply.
struct SMTPConnection: Sendable {
    private let channel: any Channel
    private let configuration: SMTPConfiguration
    private let deadline: Scheduled<Void>
    private let failure: Failure

    /// Why the connection ended.
    private final class Failure: Sendable { let error = Mutex<SMTPError?>(nil) }

    /// Connects and reads the greeting.
    ///
    /// - Throws: ``SMTPError``.
    static func open(_ configuration: SMTPConfiguration) async throws -> SMTPConnection {
        let end = NIODeadline.now() + TimeAmount(configuration.timeout)
        let context = configuration.security == .tls ? try tlsContext(configuration) : nil
        let failure = Failure()
        let bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(TimeAmount(configuration.timeout))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(tlsHandler(context, configuration))
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        SMTPReplyHandler { error in failure.error.withLock { $0 = $0 ?? error } })
                }
            }
        let channel: any Channel
        do {
            channel = try await bootstrap.connect(host: configuration.host, port: configuration.port).get()
        } catch let error as ChannelError {
            if case .connectTimeout = error { throw SMTPError.timedOut(step: "connecting") }
            throw SMTPError.unreachable("\(error)")
        } catch {
            throw SMTPError.unreachable("\(configuration.host), port \(configuration.port): \(error)")
        }
        let deadline = channel.eventLoop.scheduleTask(deadline: end) {
            channel.pipeline.fireUserInboundEventTriggered(SMTPDeadline())
        }
        let connection = SMTPConnection(
            channel: channel, configuration: configuration, deadline: deadline, failure: failure)
        do {
            let greeting = try await connection.exchange(nil, step: "the greeting")
            guard greeting.isPositive else { throw SMTPError.sessionRefused(greeting, step: "the greeting") }
        } catch {
            await connection.close()
            throw error
        }
        return connection
    }

    /// Sends a line.
    ///
    /// - Precondition: it has no line break.
    func command(_ line: String, step: String) async throws -> SMTPReply {
        precondition(!line.utf8.contains { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") })
        return try await exchange(ByteBuffer(string: line + "\r\n"), step: step)
    }

    /// Sends bytes as they are.
    func send(_ bytes: [UInt8], step: String) async throws -> SMTPReply {
        try await exchange(ByteBuffer(bytes: bytes), step: step)
    }

    /// Encrypts the connection from here on.
    func startTLS() async throws {
        let context = try Self.tlsContext(configuration)
        do {
            try await channel.eventLoop.submit { [channel, configuration] in
                try channel.pipeline.syncOperations.addHandler(
                    Self.tlsHandler(context, configuration), position: .first)
            }.get()
        } catch {
            throw known(error, step: "STARTTLS")
        }
    }

    func close() async {
        deadline.cancel()
        try? await channel.close().get()
    }

    private func exchange(_ bytes: ByteBuffer?, step: String) async throws -> SMTPReply {
        let reply = channel.eventLoop.makePromise(of: SMTPReply.self)
        // A channel that is closed has no handlers any more that could answer.
        let sent = channel.eventLoop.makePromise(of: Void.self)
        sent.futureResult.whenFailure { reply.fail($0) }
        channel.writeAndFlush(SMTPRequest(bytes: bytes, step: step, reply: reply), promise: sent)
        do {
            return try await withTaskCancellationHandler {
                try await reply.futureResult.get()
            } onCancel: {
                channel.close(promise: nil)
            }
        } catch {
            try Task.checkCancellation()
            throw known(error, step: step)
        }
    }

    /// The error, as far as it is known why the connection ended.
    private func known(_ error: any Error, step: String) -> SMTPError {
        error as? SMTPError ?? failure.error.withLock(\.self) ?? .disconnected(step: step)
    }

    private static func tlsContext(_ configuration: SMTPConfiguration) throws -> NIOSSLContext {
        var tls = TLSConfiguration.makeClientConfiguration()
        if let file = configuration.rootCertificateFile { tls.trustRoots = .file(file) }
        do { return try NIOSSLContext(configuration: tls) } catch {
            throw SMTPError.tls(configuration.rootCertificateFile.map { "\($0): \(error)" } ?? "\(error)")
        }
    }

    private static func tlsHandler(
        _ context: NIOSSLContext, _ configuration: SMTPConfiguration
    ) throws -> NIOSSLClientHandler {
        // An address has no name to send; its certificate is compared with the address.
        let isAddress = (try? SocketAddress(ipAddress: configuration.host, port: 0)) != nil
        return try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : configuration.host)
    }
}

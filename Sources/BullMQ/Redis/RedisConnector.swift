import NIOCore
import NIOPosix
import NIOSSL

/// Makes connections: TCP or a unix socket, TLS, signing in, selecting the database, loading the scripts.
struct RedisConnector: Sendable {
    let configuration: RedisConfiguration
    let eventLoop: any EventLoop
    private let tls: NIOSSLContext?

    /// - Throws: ``RedisError`` of ``RedisError/Code/invalidConfiguration`` when the certificates cannot be read.
    init(_ configuration: RedisConfiguration, on eventLoop: any EventLoop) throws {
        self.configuration = configuration
        self.eventLoop = eventLoop
        guard configuration.url.usesTLS else {
            tls = nil
            return
        }
        var settings = TLSConfiguration.makeClientConfiguration()
        if let file = configuration.trustedCertificates { settings.trustRoots = .file(file) }
        do {
            tls = try NIOSSLContext(configuration: settings)
        } catch {
            let source = configuration.trustedCertificates.map { "the file \"\($0)\"" } ?? "the system's store"
            let reason =
                if case NIOSSLError.noSuchFilesystemObject = error { "there is no such file" } else {
                    "it cannot be read, or holds no certificates as PEM"
                }
            throw RedisError(
                .invalidConfiguration, "the certificates for Redis cannot be taken from \(source): \(reason)")
        }
    }

    /// A connection that is ready for commands.
    func connect() -> EventLoopFuture<any Channel> {
        let timeout = TimeAmount(configuration.connectTimeout)
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(timeout)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try addHandlers(to: channel) }
            }
        let connecting =
            switch configuration.url.address {
            case .tcp(let host, let port): bootstrap.connect(host: host, port: port)
            case .unix(let path): bootstrap.connect(unixDomainSocketPath: path)
            }
        return connecting.flatMapErrorThrowing { error in
            throw RedisError(.unavailable, "Redis at \(configuration.url) cannot be reached: \(error)")
        }.flatMap { channel in
            signIn(channel).map { channel }.flatMapError { error in
                channel.close(promise: nil)
                return channel.eventLoop.makeFailedFuture(error)
            }
        }
    }

    private func addHandlers(to channel: any Channel) throws {
        if let tls, case .tcp(let host, _) = configuration.url.address {
            let isAddress = (try? SocketAddress(ipAddress: host, port: 0)) != nil
            let handler = try NIOSSLClientHandler(context: tls, serverHostname: isAddress ? nil : host)
            try channel.pipeline.syncOperations.addHandler(handler)
        }
        try channel.pipeline.syncOperations.addHandler(RedisChannelHandler())
    }

    /// A server without TLS answers what encrypts the connection by nothing, by text, or by closing it.
    private func hint(for error: RedisError) -> String {
        let isTrusted = !["CERTIFICATE", "Hostname"].contains { error.message.contains($0) }
        return tls != nil && isTrusted ? "; it may not speak TLS (rediss://) at that port" : ""
    }

    private func signIn(_ channel: any Channel) -> EventLoopFuture<Void> {
        let url = configuration.url
        var commands: [RedisCommand] = []
        if let password = url.password {
            let user = url.user.map { [RedisArgument($0)] } ?? []
            commands.append(RedisCommand(["AUTH"] + user + [RedisArgument(password)]))
        }
        if url.database != 0 { commands.append(RedisCommand("SELECT", RedisArgument(url.database))) }
        commands.append(RedisCommand("PING"))
        let required = commands.count
        commands += configuration.scripts.map(\.load)
        let request = RedisRequest(commands, timeout: configuration.connectTimeout, on: channel.eventLoop)
        channel.writeAndFlush(request).whenFailure { error in
            if request.isWaiting { request.fail(RedisError(.unavailable, "\(error)")) }
        }
        return request.replies.flatMapThrowing { replies in
            // A script that cannot be loaded now is sent with its first call.
            for case .error(let text) in replies.prefix(required) { throw RedisError(reply: text) }
        }.flatMapErrorThrowing { error in
            guard let error = error as? RedisError, [.outcomeUnknown, .unavailable].contains(error.code) else {
                throw error
            }
            let message =
                error.code == .unavailable
                ? error.message : "Redis at \(url) closed the connection while signing in: \(error.message)"
            throw RedisError(.unavailable, message + hint(for: error))
        }
    }
}

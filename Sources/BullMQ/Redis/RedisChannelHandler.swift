import NIOCore

/// Sends requests on a connection, and hands each the replies that belong to it, which come in the same order.
final class RedisChannelHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = Never
    typealias OutboundIn = RedisRequest
    typealias OutboundOut = ByteBuffer

    private var parser = RESPParser()
    private var pending = CircularBuffer<RedisRequest>()
    /// The replies of the first pending request that have come.
    private var replies: [RESPValue] = []
    private var isFlushScheduled = false
    private var timer: (task: Scheduled<Void>, deadline: NIODeadline)?
    /// Why this side closed the connection.
    private var reason: RedisError?

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let request = unwrapOutboundIn(data)
        guard reason == nil else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        guard request.beginSending() else {
            promise?.succeed()
            return
        }
        pending.append(request)
        context.write(wrapOutboundOut(request.bytes), promise: promise)
        if timer.map({ request.deadline < $0.deadline }) ?? true { watch(request.deadline, context) }
        // One system call sends what several tasks write in the same turn of the event loop.
        guard !isFlushScheduled else { return }
        isFlushScheduled = true
        context.eventLoop.assumeIsolated().execute {
            self.isFlushScheduled = false
            context.flush()
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        parser.append(unwrapInboundIn(data))
        do {
            while let reply = try parser.next() {
                guard let request = pending.first else { throw RESPViolation("a reply came that nothing asked for") }
                replies.append(reply)
                if case .error(let text) = reply, text.hasPrefix("READONLY") {
                    // After a failover the name may lead to another server: the next command connects again.
                    reason = RedisError(reply: text)
                }
                guard replies.count == request.commands else { continue }
                pending.removeFirst()
                request.succeed(replies)
                replies = []
            }
        } catch {
            close(context, because: RedisError(.protocolViolation, "Redis sent no RESP2: \(error)"))
        }
        if let reason, pending.isEmpty { close(context, because: reason) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    private func end() {
        timer?.task.cancel()
        let cause = reason.map { ": \($0.message)" } ?? ""
        let lost = RedisError(.outcomeUnknown, "the connection to Redis was lost before the reply\(cause)")
        failAll(reason?.code == .protocolViolation ? reason! : lost)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        close(context, because: RedisError(.unavailable, "the connection to Redis failed: \(error)"))
    }

    private func close(_ context: ChannelHandlerContext, because error: RedisError) {
        reason = reason ?? error
        context.close(promise: nil)
    }

    private func failAll(_ error: RedisError) {
        let failed = pending
        pending.removeAll()
        reason = reason ?? error
        for request in failed { request.fail(error) }
    }

    /// Closes the connection when a request is not answered in time. Replies carry no id, so there is no way to go on
    /// without that reply.
    private func watch(_ deadline: NIODeadline, _ context: ChannelHandlerContext) {
        timer?.task.cancel()
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) {
            self.timer = nil
            guard let next = self.pending.map(\.deadline).min() else { return }
            guard next <= .now() else { return self.watch(next, context) }
            self.close(context, because: RedisError(.unavailable, "Redis did not answer in time"))
        }
        timer = (task, deadline)
    }
}

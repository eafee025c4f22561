import NIOCore
import NIOSSL

/// A command, and the continuation that its reply resumes.
struct SMTPRequest: Sendable {
    /// Nil to wait for the relay's greeting.
    let bytes: ByteBuffer?
    /// What it is, for errors.
    let step: String
    let reply: EventLoopPromise<SMTPReply>
}

/// The time for a mail is over.
struct SMTPDeadline: Sendable {}

/// Sends one command at a time and returns its reply.
///
/// An unexpected reply ends the connection: otherwise text that was injected before STARTTLS would be taken as the
/// reply to a command behind it.
final class SMTPReplyHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = SMTPRequest
    typealias OutboundOut = ByteBuffer

    private var parser = SMTPReplyParser()
    private var waiting: SMTPRequest?
    /// The greeting, when it arrived before anything waited for it.
    private var greeting: SMTPReply?
    private var isGreeted = false
    private var failure: SMTPError?
    /// Called with why the connection ended.
    private let onFailure: @Sendable (SMTPError) -> Void

    init(onFailure: @escaping @Sendable (SMTPError) -> Void) { self.onFailure = onFailure }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let request = unwrapOutboundIn(data)
        if let failure {
            request.reply.fail(failure)
            promise?.fail(failure)
            return
        }
        waiting = request
        if let bytes = request.bytes {
            context.write(wrapOutboundOut(bytes), promise: promise)
        } else {
            promise?.succeed()
            if let greeting { succeed(greeting) }
            greeting = nil
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard failure == nil else { return }
        parser.append(unwrapInboundIn(data).readableBytesView)
        do throws(SMTPError) {
            while let reply = try parser.next() {
                if waiting != nil {
                    isGreeted = true
                    succeed(reply)
                } else if !isGreeted {
                    isGreeted = true
                    greeting = reply
                } else {
                    throw .protocolViolation("a reply came without a command")
                }
            }
            if waiting == nil, parser.hasLeftover { throw .protocolViolation("a reply came without a command") }
        } catch {
            fail(error, context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.disconnected(step: waiting?.step ?? "the end"), context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let step = waiting?.step ?? "the end"
        switch error {
        case NIOSSLError.uncleanShutdown: fail(.disconnected(step: step), context)
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: fail(.tls("\(error)"), context)
        default: fail(.disconnected(step: step), context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is SMTPDeadline { fail(.timedOut(step: waiting?.step ?? "the end"), context) }
        context.fireUserInboundEventTriggered(event)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        fail(.disconnected(step: waiting?.step ?? "the end"), context)
    }

    private func succeed(_ reply: SMTPReply) {
        let request = waiting
        waiting = nil
        request?.reply.succeed(reply)
    }

    private func fail(_ error: SMTPError, _ context: ChannelHandlerContext) {
        guard failure == nil else { return }
        failure = error
        onFailure(error)
        let request = waiting
        waiting = nil
        request?.reply.fail(error)
        context.close(promise: nil)
    }
}

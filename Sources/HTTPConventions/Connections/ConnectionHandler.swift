import EventSourcing
import FoundationEssentials
import Glibc
import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypesHTTP1

/// Reads and ends a connection by the rules of HTTP/1.1 (RFC 9112), within the times of ``ConnectionLimits``.
///
/// The server behind it handles one request after the other. This handler is between the parser and the server:
/// it refuses what is no valid request, answers `Expect: 100-continue`, enforces the timeouts, closes the connection
/// so that the last answer arrives, and finds out whether the client has gone (``HangUpProbe``).
/// ``ConnectionBytesHandler`` does the part that concerns bytes.
final class ConnectionHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let makeID: @Sendable () -> UUID
    private(set) var state: ConnectionState
    /// What the server's next bare 400 is replaced by, and whether it is to have a body.
    private var refusal: (problem: Problem, hasBody: Bool)?
    private(set) var context: ChannelHandlerContext?
    /// Of the handler of bytes: what is done with it passes the parser and this handler by.
    private var bytesContext: ChannelHandlerContext?
    private var timer: (deadline: NIODeadline, scheduled: Scheduled<Void>)?
    var hangUp: HangUpProbe

    /// - Parameter makeID: makes the ids of requests that are refused here.
    init(limits: ConnectionLimits, makeID: @escaping @Sendable () -> UUID) {
        self.makeID = makeID
        hangUp = HangUpProbe(firstDelay: TimeAmount(limits.presence))
        state = ConnectionState(limits: limits, now: .now())
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        updateTimer()
    }

    func handlerRemoved(context: ChannelHandlerContext) { detach() }

    func channelInactive(context: ChannelHandlerContext) {
        detach()
        context.fireChannelInactive()
    }

    private func detach() {
        timer?.scheduled.cancel()
        timer = nil
        hangUp.cancel()
        context = nil
        bytesContext = nil
    }
}

// MARK: - Requests

extension ConnectionHandler {
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): receive(head, data, context)
        case .body(let buffer): pass(data, state.receive(bodyPart: buffer.readableBytes), context)
        case .end: pass(data, state.receiveEnd(now: .now()), context)
        }
    }

    private func pass(_ data: NIOAny, _ use: ConnectionState.Part, _ context: ChannelHandlerContext) {
        switch use {
        case .use: context.fireChannelRead(data)
        case .discard: break
        case .close: close()
        }
    }

    private func receive(_ head: HTTPRequestHead, _ data: NIOAny, _ context: ChannelHandlerContext) {
        let description = RequestDescription(of: head)
        if let problem = description.refusal {
            return fail(with: problem, hasBody: head.method != .HEAD, context)
        }
        guard state.receive(description.pending) == .use else { return }
        guard description.ignoresExpectation else { return context.fireChannelRead(data) }
        var head = head
        head.headers.remove(name: "Expect")
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        // What is too large without an end of a line is the first one, in which the address is.
        let isTarget = error == .headerOverflow && !state.hasLineOfNext
        fail(with: isTarget ? Problem(.targetTooLong) : Problem(refusedBy: error), reporting: error, context)
    }

    /// Has the server answer with a problem in place of the next request, after those that are pending: it answers a
    /// parser's error with a bare 400, which ``write(context:data:promise:)`` replaces.
    private func fail(
        with problem: Problem, hasBody: Bool = true, reporting error: HTTPParserError = .unknown,
        _ context: ChannelHandlerContext
    ) {
        switch state.fail(now: .now()) {
        case .ignore: return
        case .report: break
        case .answer: refusal = (problem, hasBody)
        case .close: return close()
        }
        context.fireErrorCaught(error)
        updateTimer()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { beginProbing() }
        guard event is ChannelShouldQuiesceEvent else { return context.fireUserInboundEventTriggered(event) }
        switch state.shutDown(unsent: unsent, now: .now()) {
        case .close: close()
        case .finish: finish()
        case .wait: updateTimer()
        }
    }
}

// MARK: - Answers

extension ConnectionHandler {
    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.code < 200: context.write(data, promise: promise)
        case .head(let head): write(head, data, context, promise)
        case .body: context.write(data, promise: promise)
        case .end:
            if state.endAnswer(now: .now()) {
                let promise = promise ?? context.eventLoop.makePromise(of: Void.self)
                promise.futureResult.assumeIsolated().whenSuccess { self.closeOutput() }
                context.write(data, promise: promise)
            } else {
                context.write(data, promise: promise)
            }
            if state.isDiscarding { bytesContext?.read() }
            updateTimer()
            probeNextRequest()
        }
    }

    /// - Parameter data: the head as it came. To wrap it again takes an allocation, and most heads stay as they are.
    private func write(
        _ head: HTTPResponseHead, _ data: NIOAny, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?
    ) {
        var head = head
        let isOld = state.current?.isOld == true
        // HTTP/1.0 has no chunks: an answer without a length ends with the connection.
        let needsEnd = isOld && head.status.mayHaveResponseBody && !head.headers.contains(name: "Content-Length")
        if needsEnd { head.version = .http1_0 }
        let isClosed =
            head.headers.contains(name: "Connection")
            && head.headers[canonicalForm: "Connection"].contains { $0.lowercased() == "close" }
        let isRefusal = state.current == nil
        let isLast = state.beginAnswer(isLast: isClosed || needsEnd)
        if isRefusal, let refusal, head.status == .badRequest {
            self.refusal = nil
            return write(refusal.problem, hasBody: refusal.hasBody, context, promise)
        }
        if isLast {
            head.headers.replaceOrAdd(name: "Connection", value: "close")
        } else if isOld {
            head.headers.replaceOrAdd(name: "Connection", value: "keep-alive")
        } else {
            return context.write(data, promise: promise)
        }
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }

    private func write(
        _ problem: Problem, hasBody: Bool, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?
    ) {
        let id = makeID()
        var (response, body) = problem.parts(correlationID: id.text)
        response.headerFields[.connection] = "close"
        response.headerFields[.requestID] = id.text
        response.headerFields[.contentLength] = "\(body.count)"
        response.headerFields[.date] = HTTPDate.text(time(nil))
        let trace = TraceContext(id: id)
        trace.addHeaders(to: &response.headerFields, traceparent: trace.traceparent(spanID: makeID()))
        context.write(wrapOutboundOut(.head(HTTPResponseHead(response))), promise: hasBody ? nil : promise)
        if hasBody { context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: promise) }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard event is BodyIsAwaited else { return context.triggerUserOutboundEvent(event, promise: promise) }
        if state.askForBody() {
            context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))))
                .cascade(to: promise)
        } else {
            promise?.succeed()
        }
    }
}

// MARK: - Bytes

extension ConnectionHandler {
    func attach(bytes context: ChannelHandlerContext) { bytesContext = context }

    /// What to do with bytes that have arrived.
    func receive(_ bytes: ByteBuffer) -> ConnectionState.Part { state.receive(bytes) }

    /// The bytes that had arrived are parsed.
    func completeRead() {
        state.completeRead(now: .now())
        // The server reads when it has use for more, which is not so for what is discarded.
        if state.isDiscarding { bytesContext?.read() }
        updateTimer()
    }

    func setWritable(_ isWritable: Bool) {
        state.setWritable(isWritable, unsent: unsent, now: .now())
        updateTimer()
    }

    /// The client sends nothing more.
    func closeInput() {
        if state.isDiscarding { close() }
    }

    /// Whether the server may close this side of the connection: not while it is closed here.
    var passesOnClosing: Bool { state.phase != .finishing && state.phase != .lingering }

    /// How many bytes are written and not sent.
    private var unsent: Int {
        guard let options = context?.channel.syncOptions else { return 0 }
        return (try? options.getOption(.bufferedWritableBytes)) ?? 0
    }
}

// MARK: - Ends

extension ConnectionHandler {
    private func close() { bytesContext?.close(promise: nil) }

    private func finish() {
        state.finish(now: .now())
        closeOutput()
        updateTimer()
    }

    /// Closes this side, once everything is sent, and goes on reading. To close both sides while the client still sends
    /// could discard the answer (RFC 9112, section 9.6).
    private func closeOutput() {
        guard let bytesContext else { return }
        let promise = bytesContext.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenSuccess {
            self.state.linger(now: .now())
            self.bytesContext?.read()
            self.updateTimer()
        }
        bytesContext.close(mode: .output, promise: promise)
    }

    /// Schedules the next look at the times. It may come too early, for most requests are answered long before.
    private func updateTimer() {
        guard let context, let deadline = state.deadline else { return }
        if let timer {
            guard deadline < timer.deadline else { return }
            timer.scheduled.cancel()
        }
        let scheduled = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.expire() }
        timer = (deadline, scheduled)
    }

    private func expire() {
        timer = nil
        guard let context else { return }
        switch state.expire(at: .now(), unsent: unsent) {
        case .none: break
        case .refuse: fail(with: Problem(.requestTimeout), context)
        case .failBody: context.fireErrorCaught(RequestTimeout())
        case .close: return close()
        }
        updateTimer()
    }
}

/// Tells ``ConnectionHandler`` that the body of the request is about to be read.
struct BodyIsAwaited: Sendable {}

/// A request's body has not arrived in time.
struct RequestTimeout: Error {}

extension Problem {
    /// What a client is told whose request the parser refuses.
    init(refusedBy error: HTTPParserError) {
        switch error {
        case .headerOverflow: self.init(.headersTooLarge)
        case .invalidMethod: self.init(.methodNotImplemented)
        default: self.init(.badRequest, "The request is not HTTP: \(error).")
        }
    }
}

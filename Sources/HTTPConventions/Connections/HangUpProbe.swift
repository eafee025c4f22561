import NIOCore
import NIOHTTP1

/// When to find out whether a client that has closed its side of the connection still reads.
///
/// The end of a client's bytes says that it sends nothing more: it may be waiting for its answer (`shutdown`), or it may
/// have gone (`close`). Only bytes sent to it tell the two apart: a client that has gone answers them with a reset. So a
/// request that is not answered soon after that gets an interim response, 100, which every client of HTTP/1.1 has to accept
/// and discard, asked for or not (RFC 9110, section 15.2). On a reset the channel closes, which cancels the request.
struct HangUpProbe {
    /// Requests rarely take longer, so clients that only close their side rarely see the response.
    let firstDelay: TimeAmount
    let interval = TimeAmount.seconds(1)
    var isInputClosed = false
    private var scheduled: Scheduled<Void>?

    init(firstDelay: TimeAmount) { self.firstDelay = firstDelay }

    /// Schedules the next probe in place of the one that is scheduled.
    mutating func schedule(in delay: TimeAmount, on loop: any EventLoop, _ send: @escaping () -> Void) {
        cancel()
        scheduled = loop.assumeIsolated().scheduleTask(in: delay, send)
    }

    mutating func cancel() {
        scheduled?.cancel()
        scheduled = nil
    }
}

extension ConnectionHandler {
    /// The client sends nothing more.
    func beginProbing() {
        hangUp.isInputClosed = true
        scheduleProbe(in: hangUp.firstDelay)
    }

    /// A request is answered, and another one may be pending.
    func probeNextRequest() {
        if hangUp.isInputClosed { scheduleProbe(in: hangUp.firstDelay) }
    }

    private func scheduleProbe(in delay: TimeAmount) {
        guard let context else { return }
        hangUp.schedule(in: delay, on: context.eventLoop) { self.probe() }
    }

    /// Sends the interim response, unless the answer is being written: its own bytes tell as well.
    private func probe() {
        guard let context, context.channel.isActive, let request = state.current, !request.isOld else { return }
        if !state.answerHasBegun {
            let response = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(response)), promise: nil)
        }
        scheduleProbe(in: hangUp.interval)
    }
}

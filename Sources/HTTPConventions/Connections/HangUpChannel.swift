import HummingbirdCore
import Logging
import NIOCore

/// HTTP/1.1 in which a request is cancelled when its connection has closed: nobody waits for the answer.
///
/// What is undone by that is up to the request. A write that waits is not stored; see ``HangUpHandler`` for how a client's
/// leaving is noticed.
struct HangUpChannel: ServerChildChannel {
    let http: HTTP1Channel

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        http.setup(channel: channel, logger: logger)
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await http.handle(value: value, logger: logger) }
            group.addTask { try? await value.channel.closeFuture.get() }
            await group.next()
            group.cancelAll()
        }
    }
}

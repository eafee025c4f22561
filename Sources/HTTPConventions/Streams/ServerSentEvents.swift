import HTTPTypes
package import Hummingbird
import Logging
import ServiceLifecycle

/// The text of server-sent events (HTML Living Standard, section 9.2).
package struct ServerSentEvents {
    package private(set) var buffer = ByteBuffer()

    package init() {}

    /// After how many milliseconds a listener that has lost the connection connects again.
    package mutating func retry(after milliseconds: Int) { buffer.writeString("retry: \(milliseconds)\n") }

    /// An event whose data is on one line.
    package mutating func event(id: String, type: String, data: [UInt8]) {
        buffer.writeString("id: \(id)\nevent: \(type)\ndata: ")
        buffer.writeBytes(data)
        buffer.writeString("\n\n")
    }

    /// Sets the id that the listener sends as `Last-Event-ID`, without an event.
    package mutating func mark(id: String) { buffer.writeString("id: \(id)\n\n") }

    /// A line that listeners ignore: a sign of life.
    package mutating func comment(_ text: String) { buffer.writeString(": \(text)\n") }
}

extension Response {
    /// An answer that sends events until the listener leaves or the service stops.
    ///
    /// - Parameters:
    ///   - first: what is sent at once.
    ///   - next: waits for what is to be sent next. It is cancelled when the service stops.
    package static func eventStream<State: Sendable>(
        from state: State, first: ServerSentEvents,
        next: @escaping @Sendable (inout State) async throws -> ServerSentEvents
    ) -> Response {
        let headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
        return Response(
            status: .ok, headers: headers,
            body: ResponseBody { writer in
                try await writer.write(first.buffer)
                var state = state
                while let events = await Self.events(&state, next) { try await writer.write(events.buffer) }
                try await writer.finish(nil)
            })
    }

    /// Nil when the stream ends.
    private static func events<State: Sendable>(
        _ state: inout State, _ next: @escaping @Sendable (inout State) async throws -> ServerSentEvents
    ) async -> ServerSentEvents? {
        do {
            let (events, following) = try await cancelWhenGracefulShutdown { [state] in
                try Task.checkCancellation()
                var state = state
                return (try await next(&state), state)
            }
            state = following
            return events
        } catch is CancellationError {
            return nil
        } catch {
            // The status has been sent. The listener comes back, and gets the error then.
            Logger.current.warning("A stream of events has ended", metadata: ["error": "\(error)"])
            return nil
        }
    }
}

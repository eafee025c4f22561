import Logging
import Tracing

/// Runs a message's work in its context and in a span, with the message's name in the metadata of every log line.
///
/// Without a tracer there is no span, and its name is not made up.
func observed<Result: Sendable>(
    _ kind: String, _ name: String, in context: MessageContext, _ work: () async throws -> Result
) async throws -> Result {
    var logger = Logger.current
    logger[metadataKey: "message.kind"] = .string(kind)
    logger[metadataKey: "message.name"] = .string(name)
    return try await context.run(logger: logger) {
        let result =
            InstrumentationSystem.instrument is NoOpInstrument
            ? try await work() : try await withSpan("\(kind) \(name)") { _ in try await work() }
        Logger.current.debug("Handled message")
        return result
    }
}

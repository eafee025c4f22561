import Logging
import Tracing

/// Runs a message's work in a span, with the message's name and correlation in the metadata of every log line.
///
/// Without a tracer there is no span, and its name is not made up. The metadata is set in one scope of the logger, and what
/// the logger has already is not set again: each is paid for by every message, whether it writes a line or not.
func observed<Result: Sendable>(
    _ kind: String, _ name: String, in context: MessageContext, _ work: () async throws -> Result
) async throws -> Result {
    var logger = Logger.current
    logger[metadataKey: "message.kind"] = .string(kind)
    logger[metadataKey: "message.name"] = .string(name)
    logger[metadataKey: "tenant"] = .string(context.tenant.rawValue)
    if logger[metadataKey: "correlation.id"] != .string(context.correlationID) {
        logger[metadataKey: "correlation.id"] = .string(context.correlationID)
    }
    logger[metadataKey: "causation.id"] = .string(context.causationID)
    return try await withLogger(logger) { logger in
        let result =
            InstrumentationSystem.instrument is NoOpInstrument
            ? try await work() : try await withSpan("\(kind) \(name)") { _ in try await work() }
        logger.debug("Handled message")
        return result
    }
}

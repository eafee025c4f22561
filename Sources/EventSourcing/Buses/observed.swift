import Logging
import Tracing

/// Runs a message's work in a span, with the message's name and correlation in the metadata of every log line.
func observed<Result: Sendable>(
    _ kind: String, _ name: String, in context: MessageContext, _ work: () async throws -> Result
) async throws -> Result {
    let metadata: Logger.Metadata = [
        "message.kind": .string(kind), "message.name": .string(name), "tenant": .string(context.tenant.rawValue),
        "correlation.id": .string(context.correlationID), "causation.id": .string(context.causationID),
    ]
    return try await withLogger(mergingMetadata: metadata) { logger in
        try await withSpan("\(kind) \(name)") { _ in
            let result = try await work()
            logger.debug("Handled message")
            return result
        }
    }
}

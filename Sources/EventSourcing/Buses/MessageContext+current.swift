import Logging

extension MessageContext {
    /// Runs work in this context: it is ``current``, and its ids are in the metadata of every log line.
    public func run<Result>(_ work: () async throws -> Result) async rethrows -> Result {
        try await run(logger: Logger.current, work)
    }

    /// - Parameter logger: what the work logs with. What it has already is not set again: each entry is paid for by every
    ///   message, whether it writes a line or not.
    func run<Result>(logger: Logger, _ work: () async throws -> Result) async rethrows -> Result {
        var logger = logger
        func set(_ key: String, _ value: String) {
            if logger[metadataKey: key] != .string(value) { logger[metadataKey: key] = .string(value) }
        }
        set("tenant", tenant.rawValue)
        set("correlation.id", correlationID)
        set("causation.id", causationID)
        if let commandID { set("command.id", commandID) }
        if let traceID { set("trace.id", String(traceID)) }
        return try await withLogger(logger) { _ in
            try await MessageContext.$current.withValue(self) { try await work() }
        }
    }

    /// The id of the trace, the second part of a `traceparent`.
    private var traceID: Substring? {
        guard let parts = traceparent?.split(separator: "-"), parts.count >= 4 else { return nil }
        return parts[1]
    }
}

import FoundationEssentials
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

// MARK: - Events and jobs

extension MessageContext {
    /// Runs a handler's work on an event in the context of what the event sets off. Of an event whose metadata is not an
    /// ``EventMetadata`` there is no context.
    static func handling<Result>(
        _ event: RecordedEvent, by source: String, _ work: () async throws -> Result
    ) async rethrows -> Result {
        guard let context = try? MessageContext(causedBy: event, source: source, now: Date()) else {
            return try await $current.withValue(nil) { try await work() }
        }
        return try await context.run(work)
    }

    /// Runs the work of a job in the context of what its event sets off, when the job has an event with its metadata, as
    /// ``Job/init(for:options:)`` makes it; other jobs have no context.
    public static func handling<Result>(
        _ job: Job, by source: String, _ work: () async throws -> Result
    ) async rethrows -> Result {
        guard let event = try? RecordedEvent(in: job) else {
            return try await $current.withValue(nil) { try await work() }
        }
        return try await handling(event, by: source, work)
    }

    /// What a line of a log says about an event that is not handled at the moment.
    static func metadata(of event: RecordedEvent) -> Logger.Metadata {
        guard let metadata = try? event.decodeMetadata() else { return [:] }
        return ["correlation.id": "\(metadata.correlationID)", "causation.id": "\(metadata.causationID)"]
    }
}

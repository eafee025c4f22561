import BullMQ

extension RedisClient {
    /// Why Redis takes no jobs, in words for anybody; nil when it takes them.
    ///
    /// - Parameter prefix: of the queues' keys.
    func failure(prefix: String) async -> String? {
        do {
            return try await withThrowingTaskGroup(of: String?.self) { group in
                // Refused like any write, and writes nothing.
                group.addTask {
                    _ = try await self.send(RedisCommand("SETRANGE", "\(prefix):probe", "0", ""))
                    return nil
                }
                group.addTask {
                    try await Task.sleep(for: Self.probeTimeout)
                    return self.failure?.code.forAnybody ?? "does not answer"
                }
                defer { group.cancelAll() }
                return try await group.next() ?? nil
            }
        } catch let error as RedisError {
            return error.code.forAnybody
        } catch {
            return "does not answer"
        }
    }

    private static let probeTimeout = Duration.seconds(1)
}

extension RedisError.Code {
    fileprivate var forAnybody: String {
        switch self {
        case .unavailable, .outcomeUnknown, .overloaded, .closed: "does not answer"
        case .outOfMemory: "is full"
        case .readOnly: "takes no writes"
        case .loading: "is loading its data"
        case .persistenceFailed: "cannot save its data"
        case .accessDenied: "refuses the service's user or password"
        case .scriptFailed, .rejected, .protocolViolation, .invalidConfiguration: "does not do what it is asked"
        }
    }
}

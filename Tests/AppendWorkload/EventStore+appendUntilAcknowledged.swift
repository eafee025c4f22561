package import EventSourcing

extension EventStore {
    /// Appends as a careful caller does: again, with the same ids, until the store has answered.
    package func appendUntilAcknowledged(_ append: Append) async throws -> AppendOutcome {
        while true {
            do { return try await self.append(append) } catch let error as any CategorizedError
                where error.category == .transient
            {
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }
}

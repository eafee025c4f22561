extension EventReader {
    /// The checkpoint with what is missing from it, once it was made sure that it is one of this log.
    ///
    /// - Throws: ``ProjectionStopped`` when it is not.
    package func verify(_ checkpoint: Checkpoint, of projection: String) async throws -> Checkpoint {
        try await LogPages(reader: self, projection: projection, filter: .all, size: 1).verify(checkpoint)
    }
}

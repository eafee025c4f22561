/// What a `COPY … TO STDOUT` sends, in chunks of whole messages: lines of the text format, tuples of the binary one.
///
/// The statement is sent when the first chunk is requested. Memory is bounded: between two requests, the server waits.
/// Read it to its end before the connection is used for anything else; if the reader leaves before, the connection is
/// closed when it is given back.
public struct PostgresCopyOut: AsyncSequence, Sendable {
    /// A chunk: one or several whole lines or tuples.
    public typealias Element = [UInt8]

    let session: LeasedSession
    let sql: String
    let begin: PostgresStatement?

    /// Begins to receive; a `COPY` can be received once.
    public func makeAsyncIterator() -> Iterator { Iterator(copy: self) }

    /// Starts the `COPY` with its first ``next()``.
    public struct Iterator: AsyncIteratorProtocol {
        let copy: PostgresCopyOut
        private var channel: CopyOutChannel?

        init(copy: PostgresCopyOut) { self.copy = copy }

        /// - Throws: ``PostgresError``; `CancellationError` at once if the task is cancelled.
        public mutating func next() async throws -> [UInt8]? {
            let channel: CopyOutChannel
            if let existing = self.channel {
                channel = existing
            } else {
                channel = try await copy.session.copyOut(copy.sql, after: copy.begin)
                self.channel = channel
            }
            let (chunk, resumes) = try await channel.next()
            if resumes { copy.session.mailbox.post(.resumeCopy(copy.session.connection)) }
            return chunk
        }
    }
}

/// Sends bytes into a `COPY … FROM STDIN`; its scope is the closure that it is lent to.
public struct PostgresCopyWriter: Sendable {
    let session: LeasedSession

    /// Sends bytes in the format of the `COPY`, cut anywhere. It returns when the socket has taken them, so that no
    /// more than one call's bytes are in memory; some ten kilobytes a call are a good measure.
    ///
    /// What the server thinks of them is known at the end only.
    /// - Throws: ``PostgresError`` if the connection is lost; `CancellationError` if the task is cancelled.
    public func write(_ bytes: [UInt8]) async throws {
        if !bytes.isEmpty { try await session.copyData(bytes) }
    }
}

/// Sends rows into a `COPY … FROM STDIN (FORMAT binary)`, which the server takes in without parsing text.
///
/// The Swift types have to be those of the columns: the binary format knows no casts.
public struct PostgresBinaryCopyWriter: Sendable {
    private let writer: PostgresCopyWriter
    private var encoder = PostgresBinaryCopyEncoder()

    init(_ writer: PostgresCopyWriter) { self.writer = writer }

    /// Adds a row, and sends those that have gathered when they are worth it.
    public mutating func write<each Value: PostgresEncodable>(_ value: repeat each Value) async throws {
        encoder.append(repeat each value)
        if encoder.count >= 64 * 1024 { try await writer.write(encoder.take()) }
    }

    mutating func finish() async throws {
        encoder.finish()
        try await writer.write(encoder.take())
    }
}

public import EventSourcing

/// Where the documents of one projection are read and mended: what a runtime implements.
public protocol DocumentStore<Document>: Sendable {
    associatedtype Document: Sendable

    /// The document of an aggregate as it was last written; nil when there is none.
    func document(of stream: StreamName) async throws -> Document?

    /// Documents of a tenant in the order of their streams' names.
    ///
    /// - Parameters:
    ///   - stream: the one before the first; nil for the first of all.
    ///   - limit: the most documents to return, at least 1.
    func documents(
        of tenant: TenantID, after stream: StreamName?, limit: Int
    ) async throws -> [(stream: StreamName, document: Document)]

    /// Makes the document of an aggregate what its whole stream says, as far as the projection has come.
    ///
    /// - Returns: the document; nil when there is none.
    func update(_ stream: StreamName) async throws -> Document?
}

/// The documents of a projection in memory.
struct InMemoryDocuments<Projection: DocumentProjection>: DocumentStore {
    private let projection: InMemoryProjection<Projection>
    private let reader: any EventReader

    init(_ projection: InMemoryProjection<Projection>, reading reader: any EventReader) {
        self.projection = projection
        self.reader = reader
    }

    func document(of stream: StreamName) async throws -> Projection.Row? { projection.row(stream) }

    func documents(
        of tenant: TenantID, after stream: StreamName?, limit: Int
    ) async throws -> [(stream: StreamName, document: Projection.Row)] {
        let first = stream?.rawValue ?? ""
        let found = projection.rows.filter {
            $0.key.tenant == tenant && $0.key.rawValue.utf8.isGreater(than: first.utf8)
        }
        return found.sorted { $1.key.rawValue.utf8.isGreater(than: $0.key.rawValue.utf8) }.prefix(limit)
            .map { (stream: $0.key, document: $0.value) }
    }

    func update(_ stream: StreamName) async throws -> Projection.Row? {
        try await projection.update(stream, reading: reader)
    }
}

extension String.UTF8View {
    /// The order of bytes, as of the collation "C".
    fileprivate func isGreater(than other: String.UTF8View) -> Bool { other.lexicographicallyPrecedes(self) }
}

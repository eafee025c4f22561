public import EventSourcing

/// The documents of one projection of a pipeline, found by the ids of their aggregates, of the tenant of a context.
public struct ProjectedDocuments<Document: Sendable>: Sendable {
    private let store: any DocumentStore<Document>
    private let category: StreamCategory
    private let applied: PositionSignal

    init(_ store: any DocumentStore<Document>, category: StreamCategory, applied: PositionSignal) {
        self.store = store
        self.category = category
        self.applied = applied
    }

    /// The document of an aggregate; nil when there is none.
    ///
    /// - Parameters:
    ///   - position: up to where the projection has to have come: the position of what the caller has written.
    ///   - timeout: how long that is waited for.
    /// - Throws: ``/EventSourcing/ReadModelBehind`` when it has not come that far in time; ``/EventSourcing/InvalidName`` when
    ///   the id is none.
    public func get(
        _ entityID: String, in context: MessageContext, atLeast position: Position = .start,
        timeout: Duration = .seconds(5)
    ) async throws -> Document? {
        guard try await applied.wait(until: position, atMost: timeout) else {
            throw ReadModelBehind(wanted: position, reached: applied.position)
        }
        return try await store.document(of: stream(entityID, context))
    }

    /// Whether there is a document of the aggregate.
    public func has(_ entityID: String, in context: MessageContext) async throws -> Bool {
        try await store.document(of: stream(entityID, context)) != nil
    }

    /// Makes the document of an aggregate again from its whole stream, for one that was damaged.
    ///
    /// - Returns: the document; nil when there is none.
    @discardableResult
    public func update(_ entityID: String, in context: MessageContext) async throws -> Document? {
        try await store.update(stream(entityID, context))
    }

    /// Documents in the order of their aggregates' ids.
    ///
    /// - Parameters:
    ///   - entityID: the aggregate before the first; nil for the first of all.
    ///   - limit: the most documents to return, at least 1.
    public func list(
        after entityID: String? = nil, limit: Int = 100, in context: MessageContext
    ) async throws -> [(entityID: String, document: Document)] {
        let start = try entityID.map { try stream($0, context) }
        return try await store.documents(of: context.tenant, after: start, limit: limit)
            .map { (entityID: String($0.stream.entityID), document: $0.document) }
    }

    private func stream(_ entityID: String, _ context: MessageContext) throws -> StreamName {
        try StreamName(category: category, tenant: context.tenant, entityID: entityID)
    }
}

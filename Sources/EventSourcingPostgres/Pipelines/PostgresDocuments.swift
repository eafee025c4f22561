import EventSourcing
import LibPQ
import Pipelines

/// The documents of a projection in the table `documents`, which all such projections share.
struct PostgresDocuments<Projection: DocumentProjection>: DocumentStore {
    private let name: String
    private let projection: Projection
    private let table: PostgresTable<StreamName, Projection.Row>
    private let reader: any EventReader
    private let client: PostgresClient

    /// - Parameter name: the key of the projection's checkpoints and documents.
    init(of name: String, _ projection: Projection, reading reader: any EventReader, in client: PostgresClient) {
        self.name = name
        self.projection = projection
        self.reader = reader
        self.client = client
        table = PostgresTable(
            "documents",
            key: [
                PostgresColumn("projection") { _ in name },
                PostgresColumn("tenant") { $0.tenant.rawValue },
                PostgresColumn("key") { $0.rawValue },
            ],
            columns: [
                PostgresColumn("document") { String(decoding: try EventPayload(encoding: $0).bytes, as: UTF8.self) }
            ],
            reading: ["tenant", "key", "document"]
        ) { columns in
            let tenant = TenantID(stored: try columns.next(String.self))
            let stream = StreamName(stored: try columns.next(String.self), tenant: tenant)
            return (stream, try Self.document(try columns.next([UInt8].self)))
        }
    }

    /// What writes them. Since other projections are in the table, no rebuild can put another one in its place: the next
    /// version of such a projection has documents of its own, see
    /// ``/Pipelines/Pipeline/dropOldDocuments(in:)`` for those before.
    var readModel: any PostgresReadModel {
        DocumentReadModel(rows: PostgresRowReadModel(projection, table: table))
    }

    func document(of stream: StreamName) async throws -> Projection.Row? {
        try await client.query(Self.find, name, stream.tenant.rawValue, stream.rawValue).first.map {
            try Self.document($0.decode([UInt8].self))
        }
    }

    func documents(
        of tenant: TenantID, after stream: StreamName?, limit: Int
    ) async throws -> [(stream: StreamName, document: Projection.Row)] {
        try await client.query(Self.list, name, tenant.rawValue, stream?.rawValue ?? "", Int64(limit)).map { row in
            let (key, document) = try row.decode(String.self, [UInt8].self)
            return (stream: StreamName(stored: key, tenant: tenant), document: try Self.document(document))
        }
    }

    func update(_ stream: StreamName) async throws -> Projection.Row? {
        try await PostgresProjectedRows(of: name, projection, table: table, reading: reader, in: client)
            .updateProjection(stream)
        return try await document(of: stream)
    }

    private static func document(_ bytes: [UInt8]) throws -> Projection.Row {
        try EventPayload(bytes: bytes).decode(Projection.Row.self)
    }

    /// $1 projection, $2 tenant, $3 key
    private static var find: PostgresStatement {
        "select document from documents where projection = $1 and tenant = $2 and key = $3"
    }

    /// $1 projection, $2 tenant, $3 key before the first, $4 limit
    private static var list: PostgresStatement {
        """
        select key, document from documents where projection = $1 and tenant = $2 and key > $3 order by key limit $4
        """
    }
}

/// The statement that is not of one projection's documents.
enum DocumentStatements {
    /// $1 projection
    static let drop = PostgresStatement("delete from documents where projection = $1")
}

/// Rows in a table that is not theirs alone.
private struct DocumentReadModel<Projection: RowProjection>: PostgresReadModel {
    let rows: PostgresRowReadModel<Projection>

    var filter: LogFilter { rows.filter }
    var isPartitionable: Bool { rows.isPartitionable }
    var tables: [String] { [] }
    var sharedTable: String? { "documents" }

    func change(by events: inout DecodedEvents) throws -> (any PostgresChange)? { try rows.change(by: &events) }
}

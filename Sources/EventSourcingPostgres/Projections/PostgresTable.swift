public import LibPQ

/// The table of a row projection, declared once: the statements that read, write and delete its rows are made from that.
///
/// ```swift
/// let balances = PostgresTable<String, Int64>(
///     "balances", key: [PostgresColumn("account") { $0 }], columns: [PostgresColumn("amount") { $0 }],
///     reading: ["account", "amount"]
/// ) { columns in (try columns.next(), try columns.next()) }
/// ```
/// The key's columns are the table's primary key, or have a unique index of their own. Arguments are bound by the names
/// of the columns, and have the types of the Swift values: a value that is stored as another type has to be one that
/// PostgreSQL casts on assignment.
public struct PostgresTable<Key: Hashable & Sendable, Row: Sendable>: Sendable {
    /// Its name, without a schema: the statements find it on the search path, and a rebuild puts another one there.
    public let name: String
    private let key: [PostgresColumn<Key>]
    private let columns: [PostgresColumn<Row>]
    private let select: PostgresStatement
    private let upsert: PostgresStatement
    private let remove: PostgresStatement
    private let row: @Sendable (inout PostgresRow.Columns) throws -> (Key, Row)

    /// - Parameters:
    ///   - name: without a schema.
    ///   - key: what a row is found by.
    ///   - columns: the other columns that are written; an update sets all of them.
    ///   - reading: the names of the columns that a row is made of.
    ///   - row: makes the key and the row of these columns, in their order.
    /// - Precondition: There is a key, and no column is there twice. Names consist of lower-case letters, digits and
    ///   underscores, and begin with a letter.
    public init(
        _ name: String, key: [PostgresColumn<Key>], columns: [PostgresColumn<Row>], reading: [String],
        row: @escaping @Sendable (inout PostgresRow.Columns) throws -> (Key, Row)
    ) {
        let statements = TableStatements(name, key: key.map(\.name), columns: columns.map(\.name), reading: reading)
        self.name = name
        self.key = key
        self.columns = columns
        self.row = row
        select = statements.select
        upsert = statements.upsert
        remove = statements.delete
    }
}

extension PostgresTable {
    /// Reads the rows of those keys that have one, and makes sure that they are those of a version of a partition.
    ///
    /// - Parameter read: runs the statement.
    /// - Throws: ``/EventSourcing/CheckpointMoved`` when the partition has another version; what `row` and `read` throw.
    package func rows(
        of keys: [Key], in partition: PostgresPartition, _ read: (PostgresCall) async throws -> PostgresRows
    ) async throws -> [Key: Row] {
        var arguments: [(key: String, value: any PostgresEncodable)] = []
        for column in key { arguments.append((column.name, try column.values(keys))) }
        arguments.append((TableStatements.projection, partition.projection))
        arguments.append((TableStatements.partition, Int32(partition.number)))
        var found: [Key: Row] = [:]
        let answer = try await read(try select.call(naming: arguments))
        if answer.isEmpty { throw partition.moved }
        for row in answer {
            var columns = row.columns
            guard try columns.next(Int64.self) == partition.version else { throw partition.moved }
            guard try columns.next(Bool?.self) == true else { break }
            let (key, value) = try self.row(&columns)
            found[key] = value
        }
        return found
    }

    /// Inserts the rows, or replaces those that have their keys.
    package func save(_ rows: [(key: Key, row: Row)]) throws -> PostgresCall {
        var arguments: [(key: String, value: any PostgresEncodable)] = []
        arguments.reserveCapacity(key.count + columns.count)
        let (keys, values) = (rows.map { $0.key }, rows.map { $0.row })
        for column in key { arguments.append((column.name, try column.values(keys))) }
        for column in columns { arguments.append((column.name, try column.values(values))) }
        return try upsert.call(naming: arguments)
    }

    /// Deletes the rows of these keys.
    package func delete(_ keys: [Key]) throws -> PostgresCall {
        try remove.call(naming: try key.map { (key: $0.name, value: try $0.values(keys)) })
    }
}

/// A column of a table: its name, and what is written to it.
public struct PostgresColumn<Source>: Sendable {
    /// Its name in the table.
    public let name: String
    /// Those of all sources, as an array.
    @usableFromInline let values: @Sendable ([Source]) throws -> any PostgresEncodable

    /// - Parameter value: the column's value of a key or a row; an optional may be NULL.
    @inlinable public init<Value: PostgresArrayElement>(
        _ name: String, _ value: @escaping @Sendable (Source) throws -> Value
    ) {
        self.init(named: name) { sources in
            var values: [Value] = []
            values.reserveCapacity(sources.count)
            // A row is large, and is not copied for each of its columns.
            try sources.withUnsafeBufferPointer { sources in
                for index in sources.indices { values.append(try value(sources[index])) }
            }
            return values
        }
    }

    @usableFromInline init(named name: String, values: @escaping @Sendable ([Source]) throws -> any PostgresEncodable) {
        self.name = name
        self.values = values
    }
}

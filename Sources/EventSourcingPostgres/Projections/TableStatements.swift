import LibPQ

/// The statements on a table of rows, each for any number of them: their arguments are arrays, named like the columns.
struct TableStatements {
    /// Answers with a version and, if there are rows, with `true` and the columns that were asked for, a row each.
    let select: PostgresStatement
    let upsert: PostgresStatement
    let delete: PostgresStatement

    /// The names of the arguments of ``select`` that say which partition the version is of.
    static let projection = "partition_projection"
    static let partition = "partition_number"

    init(_ table: String, key: [String], columns: [String], reading: [String]) {
        let written = key + columns
        precondition(!key.isEmpty && !reading.isEmpty, "\(table) needs a key and columns to read")
        precondition(Set(written).count == written.count, "\(table) has a column twice: \(written)")
        precondition((written + reading + [table]).allSatisfy(Self.isPlain), "\(table) has a name that is not plain")

        // Row by row, behind a fence: as a join it would be planned while the table is small, and read all of it when it
        // has grown. The version comes with the rows, so that it is of the same snapshot.
        select = PostgresStatement(
            """
            select c.version, r.* from checkpoints c left join (
                select true, \(reading.list { "t.\($0.quoted)" })
                from unnest(\(key.list { ":\($0)" })) as wanted (\(key.list { "wanted_\($0)" })), lateral (
                    select * from \(table.quoted) f
                    where \(key.list(by: " and ") { "f.\($0.quoted) = wanted_\($0)" }) offset 0) t) r on true
            where c.projection = :\(Self.projection) and c.partition = :\(Self.partition)
            """)
        let update = columns.list { "\($0.quoted) = excluded.\($0.quoted)" }
        upsert = PostgresStatement(
            """
            insert into \(table.quoted) (\(written.list(\.quoted)))
            select * from unnest(\(written.list { ":\($0)" }))
            on conflict (\(key.list(\.quoted))) do \(columns.isEmpty ? "nothing" : "update set \(update)")
            """)
        delete = PostgresStatement(
            """
            delete from \(table.quoted) t using unnest(\(key.list { ":\($0)" })) as gone (\(key.list { "gone_\($0)" }))
            where \(key.list(by: " and ") { "t.\($0.quoted) = gone_\($0)" })
            """)
    }

    private static func isPlain(_ name: String) -> Bool {
        name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "_")
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        } && name.utf8.first.map { $0 >= UInt8(ascii: "a") } == true
    }
}

extension [String] {
    fileprivate func list(by separator: String = ", ", _ part: (String) -> String) -> String {
        map(part).joined(separator: separator)
    }
}

extension String {
    /// So that a column may be called like a key word.
    fileprivate var quoted: String { "\"\(self)\"" }
}

import EventSourcing
import EventSourcingPostgres

/// What has become of a rebuild: the document of `invoices projections rebuild`.
struct RebuildReport: Encodable {
    struct Table: Encodable {
        let name: String
        let oldRows: Int64
        let newRows: Int64
        let oldChecksum: String
        let newChecksum: String
        let isEqual: Bool
    }

    let name: String
    /// The new version is in use.
    let isSwitched: Bool
    /// Why the versions were not compared; left out when they were.
    let notCompared: String?
    let tables: [Table]
    let parkedEvents: Int

    init(_ projection: String, _ outcome: ProjectionRebuildOutcome) {
        name = projection
        isSwitched = outcome.isSwitched
        notCompared = outcome.incomparable?.finding
        parkedEvents = outcome.parkedEvents
        tables = outcome.tables.map { table in
            Table(
                name: table.name, oldRows: table.old.rows, newRows: table.new.rows, oldChecksum: table.old.checksum,
                newChecksum: table.new.checksum, isEqual: table.isEqual)
        }
    }

    var text: String {
        var lines: [String] = []
        if let notCompared {
            lines.append("The versions were not compared: \(notCompared).")
        } else {
            var table = TextTable("TABLE", " OLD ROWS", " NEW ROWS", " OLD CHECKSUM", " NEW CHECKSUM", "")
            for row in tables {
                table.add(
                    row.name, "\(row.oldRows)", "\(row.newRows)", row.oldChecksum, row.newChecksum,
                    row.isEqual ? "equal" : "different")
            }
            lines.append(table.text)
        }
        if parkedEvents > 0 {
            let parked = isSwitched ? name : PostgresProjectionRebuild.name(for: name)
            lines.append("Parked events: \(parkedEvents). See: invoices projections parked \(parked)")
        }
        lines.append(isSwitched ? switched : kept)
        return lines.joined(separator: "\n")
    }

    private var switched: String {
        """
        Projection \(name) is rebuilt, and the new version is in use.
        The old one is kept in the schema \(PostgresProjectionRebuild.previousSchema(for: name)); to drop it: \
        invoices projections drop-previous \(name)
        """
    }

    private var kept: String {
        """
        The new version of projection \(name) differs, as it should when the program has changed. Nothing was \
        switched: look at it in the schema \(PostgresProjectionRebuild.schema(for: name)).
        To use it: invoices projections rebuild \(name) --accept-differences
        To throw it away: invoices projections rebuild \(name) --cancel
        """
    }
}

/// What has become of the rebuild of a projection.
public struct ProjectionRebuildOutcome: Hashable, Sendable {
    /// A table in both versions.
    public struct Table: Hashable, Sendable {
        /// Without a schema.
        public let name: String
        /// What the live table holds.
        public let old: Contents
        /// What the rebuilt table holds, at the same position.
        public let new: Contents

        package init(_ name: String, old: Contents, new: Contents) {
            self.name = name
            self.old = old
            self.new = new
        }

        /// Whether both hold the same rows.
        public var isEqual: Bool { old == new }
    }

    /// What a table holds, in short.
    public struct Contents: Hashable, Sendable {
        /// How many.
        public let rows: Int64
        /// The sum of the hashes of all rows, as text: the order of the rows does not matter.
        public let checksum: String

        package init(rows: Int64, checksum: String) {
            self.rows = rows
            self.checksum = checksum
        }
    }

    /// The tables when both versions were at the same position; none when ``incomparable`` says why.
    public let tables: [Table]
    /// Why the versions have no position in common: the old one is of another event store.
    public let incomparable: ProjectionStopped?
    /// How many events of the new version are parked.
    public let parkedEvents: Int
    /// The new version has taken the place of the old one; else it is kept beside it.
    public let isSwitched: Bool

    package init(tables: [Table], incomparable: ProjectionStopped?, parkedEvents: Int, isSwitched: Bool) {
        self.tables = tables
        self.incomparable = incomparable
        self.parkedEvents = parkedEvents
        self.isSwitched = isSwitched
    }

    /// Whether all tables hold the same rows.
    public var isEqual: Bool { tables.allSatisfy(\.isEqual) }
}

/// A rebuild cannot be begun, gone on with, or finished. Nothing was switched.
public struct ProjectionRebuildRefused: CategorizedError, Hashable, CustomStringConvertible {
    /// Why a rebuild did not begin, or not go on.
    public enum Reason: Hashable, Sendable {
        /// Another process is at it.
        case isRunning
        /// The version before the last rebuild has not been dropped.
        case previousIsKept
        /// It names no tables of its own.
        case noTables
        /// Its rows are in a table that other projections share.
        case sharedTable(String)
        /// A table that cannot be built beside itself, and why.
        case table(String, String)
        /// It writes to a table that it does not name as its own.
        case undeclaredTable(String)
        /// Its name makes names of schemas that are too long for the database.
        case nameTooLong
        /// The tables are no longer as they were when the rebuild was begun.
        case tablesChanged
        /// The projection has another number of partitions than when the rebuild was begun.
        case partitionsChanged
        /// The old version is behind the new one: it was set back since the rebuild was begun.
        case setBack
        /// It has stopped at an event store that is a copy of its own, which healing makes its own in a moment.
        case needsHealing
        /// An administrator has paused the new version.
        case paused
        /// The old version could not be held, or its tables could not be locked, for the moment that it takes.
        case busy
        /// No rebuild of it has begun that could be thrown away.
        case notBegun
        /// The version before its last rebuild is not there, or no longer.
        case noPrevious
    }

    /// The name of the projection.
    public let projection: String
    /// Why it was refused.
    public let reason: Reason

    /// For targets that can be rebuilt.
    public init(_ projection: String, _ reason: Reason) {
        self.projection = projection
        self.reason = reason
    }

    /// See ``CategorizedError/category``.
    public var category: ErrorCategory {
        switch reason {
        case .isRunning: .conflict
        case .busy: .transient
        // No event is to blame for it: parking them would build an empty table and switch to it.
        case .undeclaredTable: .fatal
        default: .validation
        }
    }

    /// Names the projection, and says what to do.
    public var description: String {
        let finding =
            switch reason {
            case .isRunning: "somebody else is rebuilding it at this moment"
            case .previousIsKept: "the version before its last rebuild is still kept; drop that first"
            case .noTables:
                "it names no tables of its own, so that there is nothing to build; name them in its read model"
            case .sharedTable(let table):
                """
                its documents are in the table \(table), which others share; to make them again, give the projection the \
                next version in its pipeline, which is filled from the log beside this one
                """
            case .table(let table, let obstacle): "its table \(table) \(obstacle), which a rebuild cannot carry over"
            case .undeclaredTable(let table):
                "it writes to the table \(table), which it does not name among its own; name it there"
            case .nameTooLong: "its name is too long to name schemas after it"
            case .tablesChanged: "its tables have changed since its rebuild was begun; restart the rebuild"
            case .partitionsChanged:
                "the number of its partitions has changed since its rebuild was begun; restart the rebuild"
            case .setBack: "it was set back behind its rebuild; restart the rebuild"
            case .needsHealing: "the event store is a copy that has lost nothing; heal the projection first"
            case .paused: "its rebuild is paused; resume that first"
            case .busy:
                """
                it, or a long query on its tables, could not be brought to a stop for a moment; try again, the rebuild \
                goes on where it was
                """
            case .notBegun: "no rebuild of it has begun"
            case .noPrevious: "no version of it from before a rebuild is kept"
            }
        return "projection \(projection): \(finding)"
    }
}

/// The connection was lost while the new version of a projection took the place of the old one, and the database does not
/// say whether it has. Either all of it has happened or nothing.
public struct ProjectionRebuildUncertain: CategorizedError, Hashable, CustomStringConvertible {
    /// The name of the projection.
    public let projection: String

    /// For targets that can be rebuilt.
    public init(_ projection: String) { self.projection = projection }

    /// It may pass: try again after a pause.
    public var category: ErrorCategory { .transient }

    /// Names the projection, and says how to find out.
    public var description: String {
        """
        projection \(projection): the connection was lost at the moment of the switch, and it is not known whether the new \
        version is in use; rebuild it again, which goes on where it was, or is refused since the previous version is kept
        """
    }
}

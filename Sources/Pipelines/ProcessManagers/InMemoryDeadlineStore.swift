public import EventSourcing
public import FoundationEssentials
import Synchronization

/// Deadlines in memory, for tests and for processes whose event store is in memory, too.
public final class InMemoryDeadlineStore: DeadlineStore {
    private struct Key: Hashable {
        let instance: StreamName
        let name: String
    }

    private struct Entry {
        var dueAt: Date
        var revision: Revision
        /// The time that it is due at, or that its claim ends at.
        var availableAt: Date
        var attempts = 0
    }

    private let entries = Mutex<[Key: Entry]>([:])

    /// A store without deadlines.
    public init() {}

    /// See ``DeadlineStore/schedule(_:of:at:)``.
    public func schedule(
        _ deadlines: [ProcessDeadline], of instance: StreamName, at revision: Revision
    ) async throws {
        entries.withLock { entries in
            let names = Set(deadlines.map(\.name))
            entries = entries.filter { key, entry in
                key.instance != instance || names.contains(key.name) || entry.revision > revision
            }
            for deadline in deadlines {
                let key = Key(instance: instance, name: deadline.name)
                if let known = entries[key], known.revision > revision { continue }
                if entries[key]?.dueAt == deadline.dueAt {
                    entries[key]?.revision = revision
                } else {
                    entries[key] = Entry(dueAt: deadline.dueAt, revision: revision, availableAt: deadline.dueAt)
                }
            }
        }
    }

    /// See ``DeadlineStore/claimDue(of:tenant:at:limit:until:)``.
    public func claimDue(
        of process: StreamCategory, tenant: TenantID?, at now: Date, limit: Int, until expiry: Date
    ) async throws -> [DueDeadline] {
        entries.withLock { entries in
            let due = entries.filter { key, entry in
                entry.availableAt <= now && Self.is(key.instance, of: process, tenant)
            }
            return due.sorted { ($0.value.availableAt, $0.key.name) < ($1.value.availableAt, $1.key.name) }
                .prefix(limit).map { key, entry in
                    entries[key]?.availableAt = expiry
                    entries[key]?.attempts += 1
                    return DueDeadline(
                        ProcessDeadline(key.name, dueAt: entry.dueAt), of: key.instance, attempt: entry.attempts + 1)
                }
        }
    }

    /// See ``DeadlineStore/postpone(_:until:)``.
    public func postpone(_ due: DueDeadline, until time: Date) async throws {
        entries.withLock { entries in
            let key = Key(instance: due.instance, name: due.deadline.name)
            if entries[key]?.dueAt == due.deadline.dueAt { entries[key]?.availableAt = time }
        }
    }

    /// See ``DeadlineStore/nextDue(of:tenant:)``.
    public func nextDue(of process: StreamCategory, tenant: TenantID?) async throws -> Date? {
        entries.withLock { entries in
            entries.lazy.filter { Self.is($0.key.instance, of: process, tenant) }.map(\.value.availableAt).min()
        }
    }

    private static func `is`(_ instance: StreamName, of process: StreamCategory, _ tenant: TenantID?) -> Bool {
        instance.category == process.rawValue && (tenant.map { instance.tenant == $0 } ?? true)
    }
}

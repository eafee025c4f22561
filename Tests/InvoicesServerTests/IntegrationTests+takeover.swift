import Foundation
import LibPQ
import PostgresTesting
import Synchronization
import Testing

extension IntegrationTests {
    /// Three processes, of which the one that owns the projection is killed, stopped or cut off.
    @Suite struct Takeover {
        @Test func `another process takes the projection over within seconds, and every event is applied once`()
            async throws
        {
            let databases = try await TestDatabases.make()
            let acknowledged = Acknowledgements()
            try await Crew.serving(3, on: databases) { crew in
                _ = try await databases.projectionOwner()
                try await databases.startAudit()
                try await withThrowingTaskGroup { group in
                    let writing = Writing()
                    // Enough for some of them not to wait for the process that is stopped.
                    for _ in 0..<8 {
                        group.addTask {
                            while writing.goesOn {
                                guard let service = crew.healthy.randomElement(),
                                    let answer = try? await service.post(
                                        "/invoices", #"{"customerId":"\#(UUID())","amount":1}"#),
                                    let id = try? answer.json["id"] as? String
                                else { continue }
                                acknowledged.add(id)
                                _ = try? await service.post("/invoices/\(id)/pay")
                            }
                        }
                    }
                    for strike in Strike.allCases.shuffled() + Strike.allCases.shuffled() {
                        try await crew.waitUntilAllServe(3)
                        try await round(strike, crew, databases)
                    }
                    // No request is given up: what it writes would come after the audit.
                    writing.end()
                    try await group.waitForAll()
                }
                try await databases.audit(acknowledged.all)
            }
        }

        /// Strikes the owner, waits until another one owns the projection and has applied something, and mends it.
        private func round(_ strike: Strike, _ crew: Crew, _ databases: TestDatabases) async throws {
            let owner = try await databases.projectionOwner()
            let start = ContinuousClock.now
            let mend = try crew.strike(owner, with: strike)
            while try await databases.projectionOwner() == owner, ContinuousClock.now - start < .seconds(15) {
                try await Task.sleep(for: .milliseconds(10))
            }
            let next = try await databases.projectionOwner()
            let takeover = ContinuousClock.now - start
            #expect(next != owner, "\(strike)")
            let position = try await databases.projectedPosition()
            while try await databases.projectedPosition() == position, ContinuousClock.now - start < .seconds(30) {
                try await Task.sleep(for: .milliseconds(10))
            }
            #expect(try await databases.projectedPosition() > position, "\(strike)")
            print("\(strike): owned by another process after \(takeover), applied by it", ContinuousClock.now - start)
            mend()
        }
    }
}

extension TestDatabases {
    /// From now on every move of the checkpoint and every row that is written leaves a trace.
    fileprivate func startAudit() async throws {
        try await readDatabase.withClient { client in
            try await client.withConnection {
                try await $0.script(
                    """
                    create table moves (old bigint, new bigint);
                    create table writes (id uuid, revision bigint);
                    create function note_move() returns trigger language plpgsql as $$ begin
                        insert into moves values (case when tg_op = 'UPDATE' then old.position else 0 end, new.position);
                        return null;
                    end $$;
                    create function note_write() returns trigger language plpgsql as $$ begin
                        insert into writes values (new.id, new.revision);
                        return null;
                    end $$;
                    create trigger moves after insert or update on checkpoints for each row
                        when (new.projection = 'invoices') execute function note_move();
                    create trigger writes after insert or update on invoices for each row
                        execute function note_write();
                    """)
            }
        }
    }

    /// Expects that every event was applied exactly once, and that everything acknowledged is there.
    fileprivate func audit(_ acknowledged: Set<String>) async throws {
        let events = try await eventStore.withClient {
            try await $0.query(
                PostgresStatement(
                    "select count(*), count(*) filter (where revision = 0) from event_store.events"))
        }
        let (head, created) = try events[0].decode(Int64.self, Int64.self)
        while try await projectedPosition() < head { try await Task.sleep(for: .milliseconds(10)) }
        try await readDatabase.withClient { client in
            let moves = try await client.query(PostgresStatement("select old, new from moves order by old, new"))
                .map { try $0.decode(Int64.self, Int64.self) }
            #expect(moves.map(\.0) == [0] + moves.dropLast().map(\.1), "the moves of the checkpoint are no chain")
            #expect(moves.last?.1 == head)
            let repeated = try await client.query(
                PostgresStatement("select id from writes group by id, revision having count(*) > 1"))
            #expect(repeated.isEmpty)
            let rows = try await client.query(
                PostgresStatement("select count(*), sum(revision + 1)::bigint from invoices"))
            let (invoices, revisions) = try rows[0].decode(Int64.self, Int64.self)
            #expect([invoices, revisions] == [created, head])
            let ids = try await client.query(PostgresStatement("select id from invoices"))
                .map { try $0.decode(UUID.self).uuidString.lowercased() }
            #expect(acknowledged.subtracting(ids).isEmpty)
            #expect(acknowledged.count > 20)
        }
    }
}

/// Whether writers are to write on.
private final class Writing: Sendable {
    private let hasEnded = Mutex(false)

    var goesOn: Bool { !hasEnded.withLock(\.self) }

    func end() { hasEnded.withLock { $0 = true } }
}

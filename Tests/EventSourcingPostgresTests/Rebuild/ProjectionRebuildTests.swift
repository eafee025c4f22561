import EventSourcing
import EventSourcingPostgres
import FoundationEssentials
import LibPQ
import PostgresTesting
import Synchronization
import Testing

/// A projection is rebuilt while the old version serves, compared, and switched.
@Suite(.database, .timeLimit(.minutes(5))) struct ProjectionRebuildTests {
    @Test(arguments: [1, 3]) func `while a runner and appends go on, nothing is lost or applied twice`(
        partitions: Int
    ) async throws {
        try await RebuildStage.with(partitions: partitions) { stage async throws in
            try await stage.add(300)
            let over = PositionSignal()
            try await stage.running {
                try await stage.caughtUp()
                try await withThrowingTaskGroup { group in
                    group.addTask {
                        while over.position == .start {
                            try await stage.add(1)
                            try await Task.sleep(for: .milliseconds(20))
                        }
                    }
                    defer { over.advance(to: Position(1)) }
                    let outcome = try await stage.rebuild().run()
                    #expect(outcome.isSwitched && outcome.isEqual)
                    #expect(outcome.tables.map(\.old.rows) == [10])
                }
                // Nobody has told the runner.
                try await stage.add(20)
                try await stage.caughtUp()
            }
            #expect(try await stage.totals() == stage.folded())
            #expect(try await stage.schemas() == ["previous_tallies"])
            #expect(try await stage.projection.layout().partitions.count == partitions)
            #expect(try await stage.totals(in: "previous_tallies").count == 10)
        }
    }

    @Test func `progress begins at the start and ends at the head`() async throws {
        try await RebuildStage.with { stage async throws in
            try await stage.add(250)
            try await stage.catchUp()
            let told = Mutex<[ProjectionRebuildProgress]>([])
            _ = try await stage.rebuild().run { progress in told.withLock { $0.append(progress) } }
            let seen = told.withLock(\.self)
            #expect(seen.first?.phase == .filling && seen.first?.position == .start)
            #expect(seen.first?.timeLeft == nil)
            #expect(seen.contains { $0.phase == .comparing })
            #expect(seen.last?.phase == .switching && seen.last?.position == Position(2_500))
            #expect(seen.last?.fraction == 1 && seen.last?.timeLeft == .zero)
            #expect(seen.allSatisfy { $0.goal == Position(2_500) })
        }
    }

    @Test func `a second rebuild follows when the first one's old version is dropped, and all names stay`() async throws
    {
        try await RebuildStage.with { stage async throws in
            try await stage.add(3)
            try await stage.catchUp()
            let names = try await stage.indexes()
            #expect(names == ["greatest_first", "tallies_pkey"])
            for _ in 1...2 {
                #expect(try await stage.rebuild().run().isSwitched)
                #expect(try await stage.indexes() == names)
                await #expect(throws: ProjectionRebuildRefused("tallies", .previousIsKept)) {
                    try await stage.rebuild().run()
                }
                try await stage.rebuild().dropPrevious()
                await #expect(throws: ProjectionRebuildRefused("tallies", .noPrevious)) {
                    try await stage.rebuild().dropPrevious()
                }
            }
            // As a migration would.
            try await stage.script("drop index greatest_first; alter table tallies add constraint c check (total > 0)")
            try await stage.add(1)
            try await stage.catchUp()
            #expect(try await stage.totals() == stage.folded())
        }
    }

    @Test func `a table keeps what belongs to it`() async throws {
        try await RebuildStage.with { stage async throws in
            try await stage.script(
                """
                drop table tallies;
                create table tallies (stream text collate "C" primary key, total bigint not null default 7,
                    number bigint generated always as (total * 2) stored,
                    constraint "an odd name" unique (total, stream) include (number), constraint positive check (total > 0)
                ) with (fillfactor = 70);
                grant select on tallies to public;
                """)
            let description =
                """
                select string_agg(concat_ws(' ', pg_get_constraintdef(k.oid), k.conname, c.reloptions, c.relacl), E'\\n'
                    order by k.conname)
                from pg_constraint k join pg_class c on c.oid = k.conrelid where c.oid = 'public.tallies'::regclass
                """
            let before = try await stage.texts(description)
            #expect(before.first?.contains("fillfactor=70") == true)
            try await stage.add(2)
            try await stage.catchUp()
            #expect(try await stage.rebuild().run().isSwitched)
            #expect(try await stage.totals() == stage.folded())
            #expect(try await stage.texts(description) == before)
        }
    }

    @Test func `what cannot be carried over is refused by name`() async throws {
        try await RebuildStage.with { stage async throws in
            for (making, unmaking, finding) in [
                ("create view v as select * from tallies", "drop view v", "a view"),
                (
                    "create table others (s text references tallies)", "drop table others", "foreign keys"
                ),
                ("alter table tallies rename to gone", "alter table gone rename to tallies", "does not exist"),
                (
                    "alter table tallies rename to gone; create view tallies as select 1",
                    "drop view tallies; alter table gone rename to tallies", "not an ordinary table"
                ),
                ("alter table tallies add n serial", "alter table tallies drop n", "serial"),
            ] {
                try await stage.script(making)
                await #expect {
                    try await stage.rebuild().run()
                } throws: {
                    "\($0)".contains("its table tallies") && "\($0)".contains(finding)
                }
                try await stage.script(unmaking)
            }
            #expect(try await stage.schemas().isEmpty)
            #expect(try await stage.rebuild().run().isSwitched)
        }
    }

    @Test func `a table that the projection does not name is not written to`() async throws {
        try await RebuildStage.with { stage async throws in
            try await stage.add(2)
            try await stage.catchUp()
            let before = try await stage.totals()
            try await stage.script("create table named (like tallies)")
            let careless = PostgresProjection("tallies", [MisnamedTallies()], in: stage.client)
            await #expect {
                try await stage.rebuild(of: careless).run()
            } throws: {
                $0 as? ProjectionRebuildRefused == ProjectionRebuildRefused("tallies", .undeclaredTable("tallies"))
            }
            #expect(try await stage.totals() == before)
        }
    }

    @Test func `a projection that names no tables is refused`() async throws {
        try await RebuildStage.with { stage async throws in
            let nothing = PostgresProjection("tallies", [], in: stage.client)
            await #expect(throws: ProjectionRebuildRefused("tallies", .noTables)) {
                try await stage.rebuild(of: nothing).run()
            }
        }
    }

    @Test func `a projection that stopped at a copy of its event store is healed before it is rebuilt`() async throws {
        try await RebuildStage.with(partitions: 3) { old async throws in
            try await old.add(5)
            try await old.catchUp()
            let stage = try await old.reading(old.copy(upTo: .max))
            await #expect(throws: ProjectionRebuildRefused("tallies", .needsHealing)) {
                try await stage.rebuild().run()
            }
            let healing = PostgresProjectionHealing(reading: stage.store, in: stage.client)
            let plan = try await healing.plan(for: "tallies")
            #expect(plan.remedy == .adopt && plan.healed.count == 3)
            try await healing.heal(plan)
            try await stage.add(2)
            try await stage.catchUp()
            #expect(try await stage.totals() == stage.folded())
            let outcome = try await stage.rebuild().run()
            #expect(outcome.isSwitched && outcome.isEqual)
            #expect(try await stage.totals() == stage.folded())
        }
    }

    @Test func `of several partitions those are rewound whose events were lost, to what another one knows of`()
        async throws
    {
        try await RebuildStage.with(partitions: 3) { old async throws in
            try await old.add(2)
            try await old.catchUp()
            // Two of the partitions go on, and what they have applied is lost.
            try await old.add(1)
            let last = try #require(try await old.store.readLog(after: Position(29), .forwards, limit: 1).first)
            for partition in 1...2 {
                let state = try await old.projection.load(partition, of: Partitioning(3))
                let head = Checkpoint(
                    incarnation: state.checkpoint.incarnation, position: last.position, eventID: last.id)
                try await old.projection.commit(
                    ProjectionCommit(
                        partition: partition, version: state.version, nextVersion: state.version + 1,
                        checkpoint: head))
            }
            let stage = try await old.reading(old.copy(upTo: 25))
            let healing = PostgresProjectionHealing(reading: stage.store, in: stage.client)
            #expect(try await healing.plan(for: "tallies").remedy == .rebuild)
            let plan = try await healing.plan(for: "tallies", rowsBearRepetition: true)
            #expect(plan.present.map(\.position) == [Position(20), Position(30), Position(30)])
            #expect(plan.healed.map(\.position) == [Position(20), Position(20), Position(20)])
            try await healing.heal(plan)
            // What had not been applied to the rows of the two is applied now, and nothing else.
            try await stage.catchUp()
            #expect(try await stage.totals() == stage.folded())
        }
    }

    @Test func `after the event store was replaced there is nothing to compare, and the projection runs again`()
        async throws
    {
        try await RebuildStage.with { old async throws in
            try await old.add(2)
            try await old.catchUp()
            // The same database, over another log.
            let stage = old.reading(InMemoryEventStore())
            try await stage.add(1, to: 3)
            let healing = PostgresProjectionHealing(reading: stage.store, in: stage.client)
            #expect(try await healing.plan(for: "tallies").remedy == .rebuild)
            try await stage.running {
                while try await stage.texts("select stalled_on from checkpoints where stalled_on is not null").isEmpty {
                    try await Task.sleep(for: .milliseconds(5))
                }
                let outcome = try await stage.rebuild().run()
                #expect(outcome.isSwitched && outcome.tables.isEmpty)
                #expect(outcome.incomparable?.reason == .storeReplaced)
                try await stage.add(1, to: 5)
                try await stage.caughtUp()
            }
            #expect(try await healing.plan(for: "tallies").remedy == .none)
            #expect(try await stage.totals() == stage.folded())
        }
    }

    @Test func `the parked events of the new version replace those of the old one`() async throws {
        try await RebuildStage.with { stage async throws in
            try await stage.script("alter table tallies add constraint small check (total < 10)")
            try await stage.add(1, to: 12)
            try await stage.catchUp()
            #expect(try await stage.parked() == ["tallies 10", "tallies 11", "tallies 12"])
            try await stage.script(
                """
                alter table tallies drop constraint small;
                alter table tallies add constraint small check (total < 12)
                """)
            let outcome = try await stage.rebuild().run(acceptingDifferences: true)
            #expect(outcome.parkedEvents == 1 && !outcome.isEqual)
            #expect(try await stage.parked() == ["tallies 12"])
            #expect(
                try await PostgresProjectionAdministration(stage.client).projections().map(\.projection) == ["tallies"])
        }
    }
}

extension RebuildStage {
    fileprivate func parked() async throws -> [String] {
        try await texts("select projection || ' ' || position from parked_events order by 1")
    }
}

/// Tallies that are written to another table than they say.
private struct MisnamedTallies: PostgresReadModel {
    private let tallies = PostgresRowReadModel(Tallies(), table: tallyTable())

    var filter: LogFilter { tallies.filter }
    var isPartitionable: Bool { tallies.isPartitionable }
    var tables: [String] { ["named"] }

    func change(by events: inout DecodedEvents) throws -> (any PostgresChange)? { try tallies.change(by: &events) }
}

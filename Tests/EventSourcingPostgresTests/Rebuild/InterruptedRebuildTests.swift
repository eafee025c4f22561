import EmbeddedPostgres
import EventSourcing
import EventSourcingPostgres
import EventSourcingTesting
import FoundationEssentials
import LibPQ
import PostgresTesting
import Synchronization
import Testing

/// Rebuilds that end before their end, and those that meet.
@Suite(.database, .timeLimit(.minutes(5))) struct InterruptedRebuildTests {
    @Test func `differences are kept for inspection, and switched when they are accepted`() async throws {
        try await RebuildStage.with { stage async throws in
            try await stage.add(3)
            try await stage.catchUp()
            try await stage.script("update tallies set total = total + 1 where stream like '%-4'")
            let differing = try await stage.rebuild().run()
            #expect(!differing.isSwitched && !differing.isEqual)
            #expect(differing.tables[0].old.rows == differing.tables[0].new.rows)
            #expect(differing.tables[0].old.checksum != differing.tables[0].new.checksum)
            #expect(try await stage.totals() != stage.folded())
            #expect(try await stage.totals(in: "rebuild_tallies") == stage.folded())

            #expect(try await stage.rebuild().run(acceptingDifferences: true).isSwitched)
            #expect(try await stage.totals() == stage.folded())
            #expect(try await stage.totals(in: "previous_tallies") != stage.folded())
        }
    }

    @Test func `a rebuild that was cancelled goes on where it was`() async throws {
        try await RebuildStage.with { stage async throws in
            try await stage.add(400)
            try await stage.catchUp()
            await #expect(throws: (any Error).self) {
                try await withThrowingTaskGroup { group in
                    let (progress, told) = AsyncStream.makeStream(of: ProjectionRebuildProgress.self)
                    group.addTask { _ = try await stage.rebuild().run { told.yield($0) } }
                    for await seen in progress where seen.position > .start { break }
                    group.cancelAll()
                    try await group.waitForAll()
                }
            }
            let left = try await stage.texts(
                "select position::text from checkpoints where projection = 'tallies/rebuild'")
            let position = try #require(left.first.flatMap(Int64.init))
            #expect(position > 0)
            let first = Mutex<ProjectionRebuildProgress?>(nil)
            let outcome = try await stage.rebuild().run { progress in first.withLock { $0 = $0 ?? progress } }
            #expect(outcome.isSwitched && outcome.isEqual)
            #expect(first.withLock(\.self)?.position == Position(position))
            #expect(try await stage.totals() == stage.folded())
        }
    }

    /// A failure at the commit is as good as the death of the process before it: the transaction is lost, and the run with
    /// it. Once for each transaction that a rebuild makes.
    @Test func `a rebuild that dies in any of its transactions goes on where it was`() async throws {
        try await RebuildStage.with { stage async throws in
            try await stage.add(350)
            try await stage.catchUp()
            try await stage.script(
                """
                create sequence deaths;
                create function die() returns event_trigger language plpgsql as $$
                begin
                    if to_regnamespace('previous_tallies') is not null then raise exception 'dead'; end if;
                end $$;
                create function die_at_commit() returns trigger language plpgsql as $$
                begin
                    if new.projection = 'tallies/rebuild' then raise exception 'dead' using errcode = '58000'; end if;
                    return null;
                end $$;
                create constraint trigger die after insert or update on checkpoints deferrable initially deferred
                    for each row execute function die_at_commit();
                """)
            // While the checkpoints are made: nothing is left.
            await #expect(throws: PostgresError.self) { try await stage.rebuild().run() }
            #expect(try await stage.schemas().isEmpty)
            // At every batch: at most one batch is made at each attempt, and none of them is lost.
            try await stage.script(
                """
                create or replace function die_at_commit() returns trigger language plpgsql as $$
                begin
                    if new.projection = 'tallies/rebuild' and new.version > 0 and nextval('deaths') % 2 = 0
                    then raise exception 'dead' using errcode = '58000'; end if;
                    return null;
                end $$
                """)
            var attempts = 0
            var positions: [String] = []
            while try await stage.schemas() != ["previous_tallies"], attempts < 20 {
                attempts += 1
                _ = try? await stage.rebuild().run()
                positions += try await stage.texts(
                    "select position::text from checkpoints where projection = 'tallies/rebuild'")
            }
            #expect(attempts > 2)
            #expect(positions.first == "1000")
            #expect(try await stage.totals() == stage.folded())
            // In the switch: the schemas change, and then it ends.
            try await stage.script("drop trigger die on checkpoints")
            try await stage.rebuild().dropPrevious()
            try await stage.script(
                "create event trigger die on ddl_command_end when tag in ('ALTER TABLE') execute function die()")
            await #expect(throws: PostgresError.self) { try await stage.rebuild().run() }
            #expect(try await stage.schemas() == ["rebuild_tallies"])
            #expect(try await stage.totals() == stage.folded())
            try await stage.script("drop event trigger die")
            #expect(try await stage.rebuild().run().isSwitched)
            #expect(try await stage.totals() == stage.folded())
        }
    }

    @Test func `the second of two that rebuild a projection is refused`() async throws {
        try await RebuildStage.with { stage async throws in
            try await stage.add(3)
            try await stage.catchUp()
            let (progress, told) = AsyncStream.makeStream(of: ProjectionRebuildProgress.self)
            let gate = PositionSignal()
            let slow = GatedEventStore(base: stage.store, gate: gate)
            try await withThrowingTaskGroup { group in
                group.addTask { _ = try await stage.rebuild(reading: slow).run { told.yield($0) } }
                for await _ in progress { break }
                await #expect(throws: ProjectionRebuildRefused("tallies", .isRunning)) {
                    try await stage.rebuild().run()
                }
                await #expect(throws: ProjectionRebuildRefused("tallies", .isRunning)) {
                    try await stage.rebuild().discard()
                }
                gate.advance(to: Position(1))
                try await group.waitForAll()
            }
            #expect(try await stage.schemas() == ["previous_tallies"])
        }
    }

    @Test func `a switch that dies at its commit is made again`() async throws {
        try await RebuildStage.with { stage async throws in
            try await stage.add(3)
            try await stage.catchUp()
            try await stage.script(
                """
                create sequence deaths;
                create function die_once() returns trigger language plpgsql as $$
                begin
                    if nextval('deaths') = 1 then perform pg_terminate_backend(pg_backend_pid()); end if;
                    return null;
                end $$;
                create constraint trigger die after update on checkpoints deferrable initially deferred
                    for each row when (new.projection = 'tallies') execute function die_once();
                """)
            #expect(try await stage.rebuild().run().isSwitched)
            #expect(try await stage.texts("select last_value::text from deaths") == ["2"])
            #expect(try await stage.totals() == stage.folded())
            #expect(try await stage.schemas() == ["previous_tallies"])
        }
    }

    /// The commit of the switch waits for another server that there is not, and is then committed with nobody told.
    @Test func `a switch whose commit was not confirmed is found to have happened`() async throws {
        try await withTemporaryFolder { folder async throws in
            let cluster = try await EmbeddedPostgres.start(
                in: folder,
                settings: ["fsync": "off", "synchronous_commit": "local", "synchronous_standby_names": "nobody"])
            let database = try await TestDatabase.make(in: cluster)
            try await RebuildStage.with(in: database) { stage async throws in
                try await stage.add(3)
                try await stage.catchUp()
                try await stage.script(
                    """
                    create function wait() returns trigger language plpgsql as $$
                    begin
                        perform set_config('synchronous_commit', 'on', true);
                        return null;
                    end $$;
                    create trigger wait after update on checkpoints
                        for each row when (new.projection = 'tallies') execute function wait();
                    """)
                try await withThrowingTaskGroup { group in
                    group.addTask {
                        let outcome = try await stage.rebuild().run()
                        #expect(outcome.isSwitched)
                    }
                    let ending =
                        "select pg_terminate_backend(pid)::text from pg_stat_activity where wait_event = 'SyncRep'"
                    while try await stage.texts(ending).isEmpty { try await Task.sleep(for: .milliseconds(5)) }
                    try await group.waitForAll()
                }
                #expect(try await stage.totals() == stage.folded())
                #expect(try await stage.schemas() == ["previous_tallies"])
            }
            try await cluster.stop()
        }
    }

    @Test func `a rebuild is not gone on with when the tables have changed, but restarted or thrown away`() async throws
    {
        try await RebuildStage.with { stage async throws in
            try await stage.add(3)
            try await stage.catchUp()
            try await stage.script("update tallies set total = 1")
            #expect(try await !stage.rebuild().run().isSwitched)
            try await stage.script("create index late on tallies (total)")
            await #expect(throws: ProjectionRebuildRefused("tallies", .tablesChanged)) {
                try await stage.rebuild().run(acceptingDifferences: true)
            }
            #expect(try await !stage.rebuild().run(restarting: true).isSwitched)
            try await stage.rebuild().discard()
            #expect(try await stage.schemas().isEmpty)
            #expect(try await stage.texts("select projection from checkpoints") == ["tallies"])
            await #expect(throws: ProjectionRebuildRefused("tallies", .notBegun)) {
                try await stage.rebuild().discard()
            }
            #expect(try await stage.rebuild().run(acceptingDifferences: true).isSwitched)
            #expect(try await stage.indexes() == ["greatest_first", "late", "tallies_pkey"])
        }
    }

    @Test func `a long query on the tables delays the switch, and nobody waits behind it`() async throws {
        try await RebuildStage.with { stage async throws in
            try await stage.add(3)
            try await stage.catchUp()
            let (progress, told) = AsyncStream.makeStream(of: ProjectionRebuildProgress.self)
            try await withThrowingTaskGroup { group in
                try await stage.client.transaction { transaction in
                    _ = try await transaction.query("select count(*) from tallies")
                    group.addTask {
                        let outcome = try await stage.rebuild().run { told.yield($0) }
                        #expect(outcome.isSwitched)
                    }
                    var comparisons = 0
                    // It has compared, has tried to switch, and fills again.
                    for await seen in progress {
                        if seen.phase == .comparing { comparisons += 1 }
                        if comparisons > 0, seen.phase == .filling { comparisons += 1 }
                        if comparisons > 3 { break }
                    }
                    #expect(try await stage.totals() == stage.folded())
                }
                try await group.waitForAll()
            }
            #expect(try await stage.totals() == stage.folded())
        }
    }
}

/// Reads nothing of the log until the gate is at 1.
private struct GatedEventStore: ForwardingEventStore {
    let base: InMemoryEventStore
    let gate: PositionSignal

    func readLog(
        after start: Position?, _ direction: ReadDirection, matching filter: LogFilter, limit: Int
    ) async throws -> [RecordedEvent] {
        // What is less than a page is a look at a checkpoint.
        if limit > 1 { _ = try await gate.wait(until: Position(1), atMost: .seconds(60)) }
        return try await base.readLog(after: start, direction, matching: filter, limit: limit)
    }
}

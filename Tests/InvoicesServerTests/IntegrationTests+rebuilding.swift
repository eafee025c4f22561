import Foundation
import LibPQ
import PostgresTesting
import Testing

extension IntegrationTests {
    /// `invoices projections rebuild` and `drop-previous`.
    @Suite struct RebuildingByCommand {
        private let rebuild = ["projections", "rebuild", "invoices"]
        private let drop = ["projections", "drop-previous", "invoices"]

        @Test func `a projection is rebuilt beside a running service, which goes on with the new version`() async throws
        {
            let databases = try await TestDatabases.make()
            let environment = databases.environment
            try await InvoicesProgram.serving(environment: environment) { service in
                let before = try await service.create()
                let report = try await document(rebuild, environment)
                #expect(report["isSwitched"] as? Bool == true)
                let table = try #require((report["tables"] as? [[String: Any]])?.first)
                #expect(table["name"] as? String == "invoices")
                #expect(table["oldRows"] as? Int == 1 && table["newRows"] as? Int == 1)
                #expect(table["isEqual"] as? Bool == true)
                let after = try await service.create()
                #expect(try await Set(service.page("limit=10").data.map(\.id)) == [before.id, after.id])
            }
            let kept = try await InvoicesProgram.run(rebuild, environment: environment)
            #expect(kept.exitCode == 64)
            #expect(kept.output.last?.contains("invoices projections drop-previous invoices") == true)
            let unconfirmed = try await InvoicesProgram.run(drop, environment: environment)
            #expect(unconfirmed.exitCode == 64)
            #expect(unconfirmed.output.last?.contains("--yes") == true)
            try await succeed(drop + ["--yes"], environment)
            #expect(try await InvoicesProgram.run(drop + ["--yes"], environment: environment).exitCode == 64)
            try await succeed(rebuild, environment)
        }

        @Test func `a new version that differs is kept, thrown away, or accepted`() async throws {
            let databases = try await servedOnce()
            let environment = databases.environment
            try await databases.change("update invoices set amount = 1")
            let differing = try await InvoicesProgram.run(rebuild, environment: environment)
            #expect(differing.exitCode == 1)
            #expect(differing.standardOutput.contains("different"))
            #expect(differing.standardOutput.contains("rebuild invoices --accept-differences"))
            #expect(try await databases.amount() == 1)
            let list = try await InvoicesProgram.run(["projections", "list"], environment: environment)
            #expect(list.output.contains { $0.hasPrefix("invoices/rebuild") && $0.contains(" rebuild ") })

            try await succeed(rebuild + ["--cancel"], environment)
            #expect(try await InvoicesProgram.run(rebuild + ["--cancel"], environment: environment).exitCode == 64)
            try await succeed(rebuild + ["--accept-differences"], environment)
            #expect(try await databases.amount() == 1250)
        }

        @Test(arguments: [SIGINT, SIGKILL]) func `ended by a signal, it goes on where it was when it is given again`(
            signal: Int32
        ) async throws {
            let databases = try await servedOnce()
            let environment = databases.environment
            // While the new version is filled, and while the versions are switched.
            for projection in ["invoices/rebuild", "invoices"] {
                let ending = try await databases.stalling(projection) { stalled in
                    try await InvoicesProgram.run(rebuild, environment: environment, sending: signal, after: stalled)
                }
                #expect(ending.exitCode == (signal == SIGINT ? 1 : nil))
                let advice = ending.output.contains {
                    $0.hasSuffix("go on where it was: invoices projections rebuild invoices")
                }
                #expect(advice == (signal == SIGINT), "\(ending.output)")
            }
            let report = try await document(rebuild, environment)
            #expect(report["isSwitched"] as? Bool == true)
            let table = try #require((report["tables"] as? [[String: Any]])?.first)
            #expect(table["newRows"] as? Int == 1 && table["isEqual"] as? Bool == true)
        }

        @Test func `what cannot be healed is rebuilt`() async throws {
            let databases = try await servedOnce()
            let environment = databases.environment
            try await databases.change("update checkpoints set event_id = gen_random_uuid()")
            let unhealed = try await InvoicesProgram.run(
                ["projections", "heal", "invoices", "--yes"], environment: environment)
            #expect(unhealed.exitCode == 65)
            #expect(unhealed.output.last?.contains("invoices projections rebuild invoices") == true)
            let rebuilt = try await InvoicesProgram.run(rebuild, environment: environment)
            #expect(rebuilt.exitCode == 0)
            #expect(rebuilt.standardOutput.contains("were not compared"))
            let healed = try await InvoicesProgram.run(["projections", "heal", "invoices"], environment: environment)
            #expect(healed.output.last?.contains("is well") == true)
        }

        @Test func `a projection that is not there is one line`() async throws {
            let databases = try await servedOnce()
            let ending = try await InvoicesProgram.run(
                ["projections", "rebuild", "customers"], environment: databases.environment)
            #expect(ending.exitCode == 66)
            #expect(
                ending.output == [
                    "invoices: there is no projection \"customers\"; there are: invoices"
                ])
        }
    }
}

extension TestDatabases {
    fileprivate func change(_ sql: String) async throws {
        _ = try await readDatabase.withClient { try await $0.execute(PostgresStatement(sql)) }
    }

    /// Keeps everybody who moves a checkpoint of the projection waiting while `body` runs, which is told when somebody does.
    fileprivate func stalling<Answer: Sendable>(
        _ projection: String, _ body: (@escaping @Sendable () async throws -> Void) async throws -> Answer
    ) async throws -> Answer {
        try await readDatabase.withClient { client in
            try await client.withConnection { connection in
                try await connection.script(
                    """
                    create function stall() returns trigger language plpgsql as $$
                    begin
                        perform pg_advisory_xact_lock_shared(1);
                        return null;
                    end $$;
                    create trigger stall after update on checkpoints
                        for each row when (new.projection = '\(projection)') execute function stall();
                    select pg_advisory_lock(1);
                    """)
                let answer = try await body {
                    let waiting = PostgresStatement(
                        """
                        select from pg_locks where locktype = 'advisory' and not granted
                            and database = (select oid from pg_database where datname = current_database())
                        """)
                    while try await client.query(waiting).isEmpty { try await Task.sleep(for: .milliseconds(5)) }
                }
                try await connection.script("select pg_advisory_unlock(1)")
                try await connection.script("drop function stall cascade")
                return answer
            }
        }
    }

    fileprivate func amount() async throws -> Int64 {
        try await readDatabase.withClient {
            try await $0.query(PostgresStatement("select amount from invoices"))[0].decode(Int64.self)
        }
    }
}

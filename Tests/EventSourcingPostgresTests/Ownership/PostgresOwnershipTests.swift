import EventSourcing
import EventSourcingPostgres
import EventSourcingTesting
import LibPQ
import Logging
import PostgresTesting
import Testing

@Suite(.database, .timeLimit(.minutes(5))) struct PostgresOwnershipTests {
    @Test(arguments: OwnershipContract.clauses)
    func `ownership in PostgreSQL keeps the contract`(_ clause: OwnershipContract.Clause) async throws {
        try await withProcesses { first, second, owner in
            try await clause.check(first, second) { resource in
                try await owner.execute(Self.terminateOwner, resource)
            }
        }
    }

    @Test func `people see who owns what`() async throws {
        try await withProcesses { first, second, owner in
            try await first.own("one") {
                try await second.own("two") {
                    let rows = try await owner.query(
                        PostgresStatement("select resource, owner from owners order by resource"))
                    let owners = try rows.map { try $0.decode(String.self, String.self) }
                    #expect(owners.map(\.0) == ["one", "two"])
                    #expect(owners.map(\.1) == ["first", "second"])
                }
            }
            let count = PostgresStatement("select count(*) from owners")
            while try await owner.query(count)[0].decode(Int64.self) > 0 { await Task.yield() }
        }
    }

    @Test func `a silent owner's session is ended, a session that only has its number is left alone`() async throws {
        try await withDatabase(migrations: "read_db") { candidate in
            for isInnocent in [true, false] {
                try await candidate.withConnection { silent in
                    try await candidate.withConnection { holder in
                        let lock = PostgresStatement("select pg_advisory_lock(ownership_key('it'))")
                        if isInnocent { try await holder.execute(lock) } else { try await silent.execute(lock) }
                        try await silent.execute(Self.pretendToOwn)
                        let got = try await candidate.execute(Self.compete).count
                        #expect(got == (isInnocent ? 0 : 1))
                        let answer = try? await silent.query(PostgresStatement("select 1"))
                        #expect((answer != nil) == isInnocent)
                    }
                }
            }
        }
    }

    /// As the owner of a resource that has been silent for an hour.
    private static let pretendToOwn = PostgresStatement(
        """
        insert into owners
        select 'it', ownership_key('it'), 'silent', pid, backend_start, now(), now() - interval '1 hour'
        from pg_stat_activity where pid = pg_backend_pid()
        on conflict (resource) do update
        set backend_pid = excluded.backend_pid, backend_start = excluded.backend_start
        """)

    private static let compete = PostgresStatement(
        "select * from compete_for_resources('candidate', '{}', '{it}', '{}', interval '3 seconds')")

    /// Ends the session of a resource's owner.
    private static let terminateOwner = PostgresStatement(
        "select pg_terminate_backend(backend_pid) from owners where resource = $1")

    /// Runs `body` with the ownerships of two processes, and a client of the database's owner.
    private func withProcesses(
        _ body: (PostgresOwnership, PostgresOwnership, PostgresClient) async throws -> Void
    ) async throws {
        try await withDatabase(migrations: "read_db") { owner in
            try await withClient { one in
                try await withClient { two in
                    let first = PostgresOwnership(for: "first", in: one, logger: Logger(label: "first"))
                    let second = PostgresOwnership(for: "second", in: two, logger: Logger(label: "second"))
                    async let _: Void = first.run()
                    async let _: Void = second.run()
                    try await body(first, second, owner)
                }
            }
        }
    }
}

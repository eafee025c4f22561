import LibPQ
import PostgresTesting
import Testing

/// What the store's functions touch of a million events: functions hide their plans, the counters of the tables do not.
@Suite(.database, .timeLimit(.minutes(5))) struct ManyEventsTests {
    @Test func `no function reads more of a million events than it needs, whenever its plan was made`() async throws {
        try await withDatabase(migrations: "event_store") { client in
            try await client.withConnection { early in
                // Plans of a session that knew the tables when they were tiny.
                try await early.script(Self.events("1", 20) + Self.analyze)
                for _ in 0..<10 {
                    for call in Self.calls { _ = try await early.execute(PostgresStatement(call)) }
                }
                try await client.withConnection { late in
                    try await late.script(Self.events("event_store.head() + 1", 1_000_000))
                    try await late.script(
                        "do $$ begin perform event_store.archive_events(50001, 10000) from generate_series(1, 5); end $$"
                    )
                    try await expectFewRows(on: early, "planned while there was little, not analysed since")
                    try await late.script(Self.analyze)
                    try await expectFewRows(on: early, "planned while there was little")
                    try await expectFewRows(on: late, "planned now")
                }
            }
        }
    }

    private func expectFewRows(on connection: borrowing PostgresConnection, _ comment: Comment) async throws {
        for call in Self.calls {
            let (scans, rows) = try await connection.transaction { transaction in
                let before = try await transaction.query(Self.counters)[0].decode(Int64.self, Int64.self)
                _ = try await transaction.execute(PostgresStatement(call))
                let after = try await transaction.query(Self.counters)[0].decode(Int64.self, Int64.self)
                return (after.0 - before.0, after.1 - before.1)
            }
            #expect(scans == 0, "\(comment): sequential scans by \(call)")
            #expect(rows <= 500, "\(comment): rows touched by \(call)")
        }
    }

    private static let counters = PostgresStatement(
        """
        select sum(seq_scan)::bigint, sum(coalesce(idx_tup_fetch, 0) + seq_tup_read)::bigint
        from pg_stat_xact_user_tables
        where schemaname = 'event_store' and relname in ('events', 'archived_events', 'commands', 'event_tags')
        """)

    private static let analyze =
        """
        analyze event_store.events; analyze event_store.archived_events; analyze event_store.commands;
        analyze event_store.event_tags;
        """

    /// Ten events in each of 100,000 streams. Tenants, categories, types and tags come often, seldom and hardly at all.
    private static func events(_ first: String, _ last: Int) -> String {
        """
        with inserted as (
        insert into event_store.events (
            position, revision, recorded_at, event_id, schema_version, tenant, stream, type, data, metadata, tags)
        select n, n / 100000, timestamptz '2026-01-01' + n * interval '1 second', gen_random_uuid(), 1, tenant,
               category || '-' || tenant || '-' || n % 100000, type, '{}', '{}',
               case when n % 5 = 1 then 'often seldom:' || n % 10000 end
        from generate_series(\(first), \(last)) n,
             lateral (select case when n % 100000 = 7 then 'rare' when n % 3 = 0 then 'large' else 't' || n % 10 end as tenant,
                             case when n % 100000 = 8 then 'tests.rare.v1' else 'tests.thing' || n % 4 || '.v1' end as category,
                             case when n % 250000 = 11 then 'tests.thing.rare.v1' when n % 100 = 0 then 'tests.thing.seldom.v1'
                                  else 'tests.thing.often.v1' end as type) k
        returning tenant, tags, position)
        insert into event_store.event_tags
        select tenant, unnest(string_to_array(tags, ' ')), position from inserted where tags is not null;
        """
    }

    private static func append(to stream: String, expecting revision: Int) -> String {
        """
        select * from event_store.append_events(
            '{1}', '{\(stream)}', '{\(revision)}', '{0}', '{}', '{}', '{}', '{1}', array[gen_random_uuid()],
            '{tests.thing.often.v1}', '{1}', '{""}', '{""}', '{}')
        """
    }

    private static func append(unless clause: String) -> String {
        """
        select * from event_store.append_events(
            '{1}', '{tests.conditional.v1-t1-1}', '{-2}', '{0}', '{}', '{}', '{}', '{1}', array[gen_random_uuid()],
            '{tests.thing.often.v1}', '{1}', '{""}', '{""}', '{}', '{"seldom:1"}', '{1}', \(clause))
        """
    }

    private static let calls: [String] = {
        let filters = [
            "null, null, '{tests.thing.rare.v1}', null", "null, null, '{tests.thing.seldom.v1}', null",
            "null, null, '{tests.thing.often.v1}', null", "null, null, null, '{tests.thing.}'",
            "null, null, null, '{tests.thing.r}'", "null, '{tests.rare.v1}', null, null",
            "null, '{tests.thing1.v1}', null, null", "'rare', null, null, null", "'large', null, null, null",
            "'rare', null, '{tests.thing.rare.v1}', null",
        ]
        let matching = filters.flatMap { filter in
            ["null, false", "400000, false", "null, true", "400000, true"].map {
                "select * from event_store.read_log_matching(\($0), 10, \(filter))"
            }
        }
        let streams = [("t1", "tests.thing1.v1-t1-41"), ("large", "tests.thing3.v1-large-99999")].flatMap {
            tenant, stream in
            [
                "select * from event_store.read_streams('{\(tenant)}', '{\(stream)}', '{0}', '{10}')",
                "select * from event_store.read_streams('{\(tenant)}', '{\(stream)}', '{5}', '{10}')",
                "select * from event_store.read_stream_backwards('\(tenant)', '\(stream)', null, 10)",
                "select * from event_store.read_stream_backwards('\(tenant)', '\(stream)', 5, 10)",
            ]
        }
        let logs = ["null, false", "400000, false", "30000, false", "null, true", "400000, true"].map {
            "select * from event_store.read_log(\($0), 10)"
        }
        let selected =
            [
                "0, 20, '{null}', '{null}', '{often}'", "0, 20, '{null}', '{null}', '{seldom:1}'",
                "0, 20, '{null,null}', '{null,tests.thing.often.v1}', '{never,seldom:1}'",
                "0, 20, '{tests.thing1.v1-t1-1 tests.thing3.v1-t1-11}', '{null}', '{null}'",
                "event_store.head() - 500, 20, '{null}', '{tests.thing.rare.v1}', '{null}'",
                "0, 20, '{null}', '{null}', '{null}'",
            ].map { "select * from event_store.read_selected('t1', \($0))" } + [
                "select * from event_store.event_tags('t1', '{1,11,999991}')",
                "select * from event_store.events_by_id('t1', gen_random_uuid())",
                append(unless: "'{0}', '{null}', '{null}', '{never often}'"),
                append(unless: "'{0}', '{null}', '{tests.thing.often.v1}', '{often}'"),
                append(unless: "'{999000}', '{tests.thing1.v1-t1-1}', '{null}', '{null}'"),
                append(unless: "'{999500}', '{null}', '{tests.thing.rare.v1}', '{null}'"),
            ]
        let others = [
            "select event_store.head()", "select event_store.position_at('2026-01-05')",
            "select * from event_store.event_types()", "select * from event_store.command_outcome('t1', 'c1')",
            append(to: "tests.many.v1-t1-2", expecting: -1), append(to: "tests.many.v1-t1-3", expecting: 0),
            """
            select * from event_store.append_events(
                '{1}', '{tests.many.v1-t1-1}', '{-2}', '{0}', '{}', '{}', '{}', '{1}', array[gen_random_uuid()],
                '{tests.thing.often.v1}', '{1}', '{""}', '{""}', '{}')
            """,
            """
            select * from event_store.append_events(
                '{1,1}', '{tests.many.v1-t1-1,tests.many.v1-t1-2}', '{-4,-2}', '{0,2}',
                array[gen_random_uuid()::text, null], '{"",null}', '{"",null}', '{1,1,2}',
                array[gen_random_uuid(), gen_random_uuid(), gen_random_uuid()],
                '{tests.thing.often.v1,tests.thing.often.v1,tests.thing.often.v1}', '{1,1,1}', '{"","",""}', '{"","",""}',
                '{tests.A,null,tests.A}')
            """,
        ]
        return matching + streams + logs + selected + others
    }()
}

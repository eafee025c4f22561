import Foundation
import LibPQ
import PostgresTesting
import Testing

extension IntegrationTests {
    /// The databases of a service of commit 610884e, the last one before its migrations were squashed. It has invoices in
    /// every state, events of the first version, archived events, commands, a subscription and a snapshot.
    @Suite struct Upgrade {
        @Test func `databases of before the squash are taken over`() async throws {
            let databases = try await TestDatabases.restoring("610884e")
            let before = try await databases.invoices()
            try #require(before.count == 46)
            let first = try await InvoicesProgram.run(["migrate"], environment: databases.environment)
            #expect(first.exitCode == 0)
            #expect(first.output.contains("event store: applied squashed/0004_upgrade.sql"))
            #expect(first.output.contains("read database: applied squashed/0001_upgrade.sql"))
            let second = try await InvoicesProgram.run(["migrate"], environment: databases.environment)
            #expect(second.output == ["event store: up to date", "read database: up to date"])

            let fresh = try await TestDatabases.make()
            _ = try await InvoicesProgram.run(["migrate"], environment: fresh.environment)
            for (upgraded, made) in [
                (databases.eventStore, fresh.eventStore), (databases.readDatabase, fresh.readDatabase),
            ] {
                let (upgraded, made) = (try await upgraded.schema(), try await made.schema())
                #expect(upgraded == made)
            }
        }

        @Test func `what was there is read, paid and numbered on`() async throws {
            let databases = try await TestDatabases.restoring("610884e")
            let before = try await databases.invoices()
            let head = try await databases.head()
            let ending = try await InvoicesProgram.serving(environment: databases.environment) { service in
                while try await databases.projectedPosition() < head { try await Task.sleep(for: .milliseconds(10)) }
                for invoice in before {
                    let answer = try await service.get("/invoices/\(invoice.id)")
                    #expect(answer.status == 200)
                    let json = try answer.json
                    #expect(json["state"] as? String == invoice.state)
                    #expect(json["amount"] as? Int64 == invoice.amount)
                    #expect(json["number"] as? String == invoice.number)
                    #expect(try await service.get("/invoices/\(invoice.id)/events").status == 200)
                }
                let open = before.filter { $0.state == "open" }
                #expect(open.contains { $0.number == nil })
                for invoice in open {
                    let paid = try await service.post("/invoices/\(invoice.id)/pay")
                    #expect(paid.status == 200)
                    #expect(try paid.json["paymentStatus"] as? String == "paid")
                }
                for invoice in before where invoice.state == "closed" {
                    try await expectReversible("/invoices/\(invoice.id)", of: service)
                }
                let next = try await service.post(
                    "/invoices", #"{"customerId":"0190a6e2-0000-7000-8000-000000000002","amount":1}"#)
                let number = try #require(try next.json["number"] as? String)
                let given = before.count { $0.number?.hasPrefix(number.dropLast(6)) == true }
                #expect(Int(number.suffix(6)) == given + 1)

                let repeated = try await service.post(
                    "/invoices", #"{"customerId": "0190a6e2-0000-7000-8000-000000000001", "amount": 777}"#,
                    headers: ["Idempotency-Key": #""fixture-create""#])
                #expect(repeated.headers["idempotency-replayed"] == "true")
                #expect(try await service.all(pageSize: 200).count == before.count + 1)
            }
            #expect(ending.exitCode == 0)
        }
        /// An invoice of before lists what was paid, with the ids of the events, and any of it can be reversed.
        private func expectReversible(_ path: String, of service: RunningInvoices) async throws {
            let invoice = try await service.get(path).json
            let payments = try #require(invoice["payments"] as? [[String: Any]])
            let amounts = payments.compactMap { $0["amount"] as? Int64 }
            #expect(!payments.isEmpty)
            #expect(amounts.reduce(0, +) == invoice["paidAmount"] as? Int64)
            let id = try #require(payments.last?["id"] as? String)
            let events = try #require(try await service.get(path + "/events").json["data"] as? [[String: Any]])
            let ids = events.compactMap { ($0["data"] as? [String: Any])?["paymentId"] as? String }
            #expect(ids == payments.compactMap { $0["id"] as? String })
            let reversed = try await service.post("\(path)/payments/\(id)/reverse", #"{"reason": "bounced"}"#)
            #expect(reversed.status == 200)
            #expect(try reversed.json["dueAmount"] as? Int64 == amounts.last)
            #expect(try reversed.json["state"] as? String == "open")
        }
    }
}

/// An invoice as the read database of before has it.
private struct StoredInvoice {
    let id: String
    let state: String
    let amount: Int64
    let number: String?
}

extension TestDatabases {
    /// Databases with what was dumped to `Fixtures/<version>`.
    fileprivate static func restoring(_ version: String) async throws -> TestDatabases {
        let databases = try await make()
        for (database, name) in [(databases.eventStore, "event_store"), (databases.readDatabase, "read_db")] {
            let url = try #require(
                Bundle.module.url(forResource: name, withExtension: "sql", subdirectory: "Fixtures/\(version)"))
            let dump = try String(contentsOf: url, encoding: .utf8)
            try await database.withClient { client in
                try await client.withConnection { connection in
                    try await connection.script(roles)
                    try await connection.script(dump)
                }
            }
        }
        return databases
    }

    /// Roles belong to the cluster, and are in no dump of a database.
    private static let roles = """
        do $$
        declare
            name text;
        begin
            foreach name in array array['event_store_service', 'event_store_administrator'] loop
                begin
                    execute format('create role %I nologin', name);
                exception when duplicate_object or unique_violation then null;
                end;
            end loop;
        end $$
        """

    fileprivate func invoices() async throws -> [StoredInvoice] {
        try await readDatabase.withClient { client in
            try await client.query("select id::text, state, amount, number from invoices").map { row in
                let (id, state, amount, number) = try row.decode(String.self, String.self, Int64.self, String?.self)
                return StoredInvoice(id: id, state: state, amount: amount, number: number)
            }
        }
    }

    fileprivate func head() async throws -> Int64 {
        try await eventStore.withClient { client in
            try await client.query("select max(position) from event_store.events")[0].decode(Int64.self)
        }
    }
}

extension TestDatabase {
    /// Everything that a schema is made of, as text.
    fileprivate func schema() async throws -> [String] {
        try await withClient { client in
            try await client.query(Self.schemaObjects).map { try $0.decode(String.self) }
        }
    }

    private static let schemaObjects = PostgresStatement(
        """
        with relations as (
            select c.oid, c.relname, c.relkind, c.relacl, c.reloptions from pg_class c
            where c.relnamespace in (select oid from pg_namespace where nspname in ('public', 'event_store'))
        )
        select concat_ws(' ', 'relation', relname, relkind, relacl, reloptions) from relations
        union all
        select concat_ws(' ', 'column', r.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod),
                         a.attnotnull, a.attcollation, pg_get_expr(d.adbin, d.adrelid))
        from relations r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
        left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
        union all
        select concat_ws(' ', 'index', pg_get_indexdef(r.oid)) from relations r where r.relkind = 'i'
        union all
        select concat_ws(' ', 'constraint', r.relname, n.conname, pg_get_constraintdef(n.oid))
        from relations r join pg_constraint n on n.conrelid = r.oid
        union all
        select concat_ws(' ', 'view', r.relname, pg_get_viewdef(r.oid)) from relations r where r.relkind = 'v'
        union all
        select concat_ws(' ', 'trigger', pg_get_triggerdef(t.oid))
        from relations r join pg_trigger t on t.tgrelid = r.oid and not t.tgisinternal
        union all
        select concat_ws(' ', 'function', pg_get_functiondef(p.oid), p.proacl) from pg_proc p
        where p.pronamespace in (select oid from pg_namespace where nspname in ('public', 'event_store'))
        order by 1
        """)
}

import PostgresTesting
import Testing

extension IntegrationTests {
    /// What the databases make of the service's sessions.
    @Suite struct Sessions {
        @Test func `defaults of the databases change nothing`() async throws {
            let databases = try await TestDatabases.make()
            for database in databases.all {
                for setting in [
                    "search_path = nowhere", "statement_timeout = '1ms'", "lock_timeout = '1ms'",
                    "idle_in_transaction_session_timeout = '1ms'", "idle_session_timeout = '50ms'",
                    "default_transaction_isolation = serializable", "synchronous_commit = off",
                    "DateStyle = 'German, DMY'", "TimeZone = 'Asia/Tokyo'", "standard_conforming_strings = off",
                    "bytea_output = escape", "extra_float_digits = '-15'", "row_security = off",
                ] {
                    try await database.administer("alter database \(database.name) set \(setting)")
                    try await database.administer("alter role postgres in database \(database.name) set \(setting)")
                }
            }
            try await InvoicesProgram.serving(environment: databases.environment) { service in
                let invoice = try await service.create()
                #expect(try await service.get("/invoices/\(invoice.id)").status == 200)
                #expect(try await service.page("limit=10").data.map(\.id) == [invoice.id])
                #expect(try await service.get("/invoices/\(invoice.id)/events").status == 200)
                #expect(try await service.post("/invoices/\(invoice.id)/pay").status == 200)
                #expect(try await service.get("/health/ready").status == 200)
            }
            let listed = try await InvoicesProgram.run(["projections", "list"], environment: databases.environment)
            #expect(listed.exitCode == 0, "\(listed.output)")
        }

        @Test func `what a session cannot set is one line`() async throws {
            let databases = try await TestDatabases.make()
            let name = databases.readDatabase.name
            try await databases.readDatabase.administer("alter database \(name) set session_replication_role = replica")
            for command in [["serve"], ["migrate"], ["projections", "list"]] {
                let ending = try await InvoicesProgram.run(command, environment: quiet(databases.environment))
                #expect(ending.exitCode == 69)
                #expect(ending.output.last?.contains("session_replication_role") == true, "\(ending.output)")
            }
        }

        @Test func `a database without the schema public is one line`() async throws {
            let databases = try await TestDatabases.make()
            try await databases.readDatabase.run("drop schema public")
            let ending = try await InvoicesProgram.run(["migrate"], environment: quiet(databases.environment))
            #expect(ending.exitCode == 65)
            #expect(ending.output.last?.contains("schema public is missing") == true, "\(ending.output)")
        }

        @Test(.enabled(if: PgBouncer.program != nil), arguments: ["EVENT_STORE", "READ_DB"])
        func `a pooler that shares sessions is one line`(section: String) async throws {
            let databases = try await TestDatabases.make()
            let database = section == "READ_DB" ? databases.readDatabase : databases.eventStore
            for settings in [[:], ["ignore_startup_parameters": "options,extra_float_digits"]] {
                try await PgBouncer.running(to: database, mode: "transaction", settings: settings) { bouncer in
                    var environment = quiet(databases.environment)
                    environment["\(section)_HOST"] = "127.0.0.1"
                    environment["\(section)_PORT"] = "\(bouncer.port)"
                    for command in [["serve"], ["migrate"]] {
                        let ending = try await InvoicesProgram.run(command, environment: environment)
                        #expect(ending.exitCode == 69)
                        #expect(ending.output.last?.contains("pool_mode=transaction") == true, "\(ending.output)")
                    }
                }
            }
        }

        private func quiet(_ environment: [String: String]) -> [String: String] {
            environment.merging(["LOG_LEVEL": "error"]) { $1 }
        }
    }
}

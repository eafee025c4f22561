import FoundationEssentials
import LibPQ
import PostgresTesting
import Testing

extension IntegrationTests {
    /// TLS to the databases.
    @Suite struct Encryption {
        /// Of every kind of command one.
        private static let commands = [["serve"], ["migrate"], ["projections", "list"], ["subscriptions", "list"]]

        @Test(arguments: [
            ("127.1", [:]), ("127.0.0.1,db.invalid", [:]), ("localhost", ["PGSSLMODE": "verify-full"]),
            ("127.0.0.1", ["EVENT_STORE_SSL_MODE": "require", "READ_DB_SSL_MODE": "require"]),
            ("localhost", ["PGHOSTADDR": "127.1"]),
        ])
        func `nobody who refuses it hears the password, and one line says why`(
            host: String, settings: [String: String]
        ) async throws {
            let impostor = try Impostor(answering: "N")
            for command in Self.commands {
                let ending = try await InvoicesProgram.run(
                    command, environment: environment(host, impostor.port).merging(settings) { $1 })
                let output = ending.output.joined(separator: "\n")
                #expect(ending.exitCode == 69, "\(output)")
                #expect(output.contains("TLS"), "\(output)")
                #expect(output.contains("_SSL_MODE"), "\(output)")
                #expect(!output.contains("hunter2"))
            }
            #expect(impostor.hasHeardNothing, "\(impostor.received)")
            impostor.close()
        }

        @Test func `the password goes in clear only where that is said`() async throws {
            let impostor = try Impostor(answering: "N")
            var environment = environment("127.1", impostor.port)
            environment["EVENT_STORE_SSL_MODE"] = "disable"
            _ = try await InvoicesProgram.run(["migrate"], environment: environment)
            #expect(impostor.hasHeard("hunter2"))
            impostor.close()
        }

        @Test func `every connection of the service is encrypted`() async throws {
            try await withTemporaryFolder { folder in
                let authority = try await TestAuthority(in: "\(folder)/authority")
                let certificate = try await authority.issue("localhost")
                try await TLSServer.running(in: "\(folder)/s", certificate, trusting: authority) { server in
                    for name in ["event_store", "read_db"] { try await server.script("create database \(name)") }
                    var environment = environment("localhost", server.port)
                    environment["LOG_LEVEL"] = nil
                    for database in ["EVENT_STORE", "READ_DB"] {
                        environment["\(database)_SSL_MODE"] = "verify-full"
                        environment["\(database)_SSL_ROOT_CERT"] = authority.file
                    }
                    try await InvoicesProgram.serving(environment: environment) { service in
                        let invoice = try await service.create()
                        #expect(try await service.get("/invoices/\(invoice.id)").status == 200)
                        // Fails unless there are sessions, and all of them are encrypted.
                        try await server.script(
                            """
                            select 1 / (count(*) > 4 and bool_and(ssl))::int
                            from pg_stat_ssl join pg_stat_activity using (pid) where application_name = 'invoices'
                            """)
                    }

                    environment["READ_DB_USERNAME"] = "certified"
                    let nameless = try await InvoicesProgram.run(["migrate"], environment: environment)
                    #expect(nameless.exitCode == 69)
                    #expect(nameless.output.last?.contains("READ_DB_SSL_CERT") == true, "\(nameless.output)")

                    environment["READ_DB_SSL_ROOT_CERT"] = try await TestAuthority(in: "\(folder)/other").file
                    let ending = try await InvoicesProgram.run(["migrate"], environment: environment)
                    #expect(ending.exitCode == 69)
                    #expect(ending.output.last?.contains("certificate verify failed") == true, "\(ending.output)")
                    #expect(ending.output.last?.contains("READ_DB_SSL_ROOT_CERT") == true, "\(ending.output)")
                }
            }
        }

        private func environment(_ host: String, _ port: Int) -> [String: String] {
            [
                "EVENT_STORE_HOST": host, "EVENT_STORE_PORT": "\(port)", "EVENT_STORE_PASSWORD": "hunter2",
                "READ_DB_HOST": host, "READ_DB_PORT": "\(port)", "READ_DB_PASSWORD": "hunter2", "LOG_LEVEL": "error",
            ]
        }
    }
}

import Foundation
import LibPQ
import PostgresTesting
import Testing

extension IntegrationTests {
    /// `invoices projections` and `invoices subscriptions`, on the databases of a service.
    @Suite struct AdministrationByCommand {
        @Test func `a projection is paused and resumed beside a running service on private clusters`() async throws {
            try await withTemporaryFolder { folder in
                let environment = ["DATA_DIRECTORY": "\(folder)/data"]
                try await InvoicesProgram.serving(environment: environment) { service in
                    _ = try await service.create()
                    let running = try await invoicesProjection(environment)
                    #expect(running["state"] as? String == "running")
                    #expect(running["position"] as? Int == 1)
                    #expect(running["lag"] as? Int == 0)
                    let partitions = try #require(running["partitions"] as? [[String: Any]])
                    let owner = try #require(partitions.first?["owner"] as? [String: Any])
                    #expect((owner["process"] as? String)?.hasSuffix("process \(service.process)") == true)

                    try await succeed(["projections", "pause", "invoices", "--reason", "a night"], environment)
                    let paused = try await invoicesProjection(environment)
                    #expect(paused["state"] as? String == "paused")
                    #expect((paused["paused"] as? [String: Any])?["reason"] as? String == "a night")

                    try await succeed(["projections", "resume", "invoices"], environment)
                    _ = try await service.create()
                    let resumed = try await invoicesProjection(environment)
                    #expect(resumed["position"] as? Int == 2)
                }
                // And without a service, on clusters that are started for the command.
                let idle = try await invoicesProjection(environment)
                #expect(idle["state"] as? String == "not running")
                #expect(idle["position"] as? Int == 2)
            }
        }

        @Test func `where there is no cluster none is made`() async throws {
            try await withTemporaryFolder { folder in
                let ending = try await InvoicesProgram.run(
                    ["projections", "list"], environment: ["DATA_DIRECTORY": "\(folder)/data"])
                #expect(ending.exitCode == 69)
                #expect(ending.output.count == 1)
                #expect(ending.output[0].contains("there is no private cluster in \(folder)/data"))
                #expect(!FileManager.default.fileExists(atPath: "\(folder)/data"))
            }
        }

        @Test func `a database without the schema is one line that says how to make it`() async throws {
            let databases = try await TestDatabases.make()
            let ending = try await InvoicesProgram.run(["projections", "list"], environment: databases.environment)
            #expect(ending.exitCode == 65)
            #expect(ending.output.count == 1)
            #expect(ending.output[0].contains("invoices migrate"))
        }

        @Test func `a name that is not there is one line that names those that are`() async throws {
            let databases = try await servedOnce()
            for command in [["status"], ["parked"], ["resume"], ["pause", "--reason", "r"]] {
                let ending = try await InvoicesProgram.run(
                    ["projections"] + command + ["customers"], environment: databases.environment)
                #expect(ending.exitCode == 66)
                #expect(
                    ending.output == [
                        "invoices: there is no projection \"customers\"; there are: invoices"
                    ])
            }
        }

        @Test func `parked events are listed and retried, and skipped only when that is confirmed`() async throws {
            let databases = try await servedOnce()
            let environment = databases.environment
            let stream = try await databases.parkAnEvent()
            let parked = try await document(["projections", "parked", "invoices"], environment)
            let event = try #require((parked["events"] as? [[String: Any]])?.first)
            #expect(event["stream"] as? String == stream)
            #expect(event["state"] as? String == "failed")
            #expect(event["reason"] as? String == "it is broken")

            try await succeed(["projections", "retry", "invoices", stream], environment)
            #expect(try await databases.parkedState() == "to be retried")

            let skip = ["projections", "skip", "invoices", stream, "--reason", "told so"]
            let unconfirmed = try await InvoicesProgram.run(skip, environment: environment)
            #expect(unconfirmed.exitCode == 64)
            #expect(unconfirmed.output.last?.contains("--yes") == true)
            #expect(try await databases.parkedState() == "to be retried")
            try await succeed(skip + ["--yes"], environment)
            #expect(try await databases.parkedState() == "skipped: told so")
            let again = try await InvoicesProgram.run(skip + ["--yes"], environment: environment)
            #expect(again.exitCode == 66)
        }

        @Test func `an invoice whose events are parked is read from them, and says so when they cannot be read`()
            async throws
        {
            let databases = try await servedOnce()
            let stream = try await databases.parkTheInvoice()
            let path = "/invoices/" + stream.suffix(36)
            try await InvoicesProgram.serving(environment: databases.environment) { service in
                let invoice = try await service.get(path)
                #expect(invoice.status == 200)
                #expect(try invoice.json["id"] as? String == String(stream.suffix(36)))
                #expect(try await service.get("/invoices").headers["invoices-set-aside"] == "1")
                #expect(try await service.get("/invoices/0190a6e2-0000-7000-8000-0000000000ff").status == 404)
            }
            try await databases.makeUnreadable(stream)
            try await InvoicesProgram.serving(environment: databases.environment) { service in
                for request in [path, path + "?revision=0", path + "?at=2100-01-01T00:00:00Z", path + "/events"] {
                    let answer = try await service.get(request)
                    #expect(answer.status == 503)
                    #expect(try answer.json["code"] as? String == "invoice-set-aside")
                }
                let payment = try await service.post(path + "/pay")
                #expect(payment.status == 503)
                #expect(try payment.json["code"] as? String == "invoice-set-aside")
            }
        }

        @Test func `a projection goes on in a complete copy of its event store once that is confirmed`() async throws {
            let databases = try await servedOnce()
            let environment = databases.environment
            let heal = ["projections", "heal", "invoices"]
            let well = try await InvoicesProgram.run(heal, environment: environment)
            #expect(well.exitCode == 0)
            #expect(well.output.last?.contains("is well") == true)

            try await databases.eventStore.withClient {
                _ = try await $0.execute(
                    PostgresStatement("update event_store.store set incarnation = gen_random_uuid()"))
            }
            let unconfirmed = try await InvoicesProgram.run(heal, environment: environment)
            #expect(unconfirmed.exitCode == 64)
            #expect(unconfirmed.output.last?.contains("--yes") == true)
            try await succeed(heal + ["--yes"], environment)
            try await InvoicesProgram.serving(environment: environment) { _ = try await $0.create() }
        }

        @Test func `a group of consumers is listed, stopped, resumed, and its parked messages replayed`() async throws {
            let databases = try await servedOnce()
            let environment = databases.environment
            try await databases.parkAMessage()
            let list = try await InvoicesProgram.run(["subscriptions", "list"], environment: environment)
            let mailer = try #require(list.output.first { $0.hasPrefix("mailer") })
            #expect(mailer.split(separator: " ") == ["mailer", "all", "running", "1", "0", "0", "0", "1", "0"])
            let parked = try await document(["subscriptions", "parked", "mailer"], environment)
            let message = try #require((parked["messages"] as? [[String: Any]])?.first)
            #expect(message["position"] as? Int == 1)
            #expect(message["state"] as? String == "parked")

            try await succeed(["subscriptions", "stop", "mailer", "--reason", "wrong address"], environment)
            let stopped = try await subscription("mailer", environment)
            #expect((stopped["stopped"] as? [String: Any])?["reason"] as? String == "wrong address")
            try await succeed(["subscriptions", "resume", "mailer"], environment)
            #expect(try await subscription("mailer", environment)["stopped"] == nil)

            let replayed = try await document(["subscriptions", "replay", "mailer", "--all"], environment)
            #expect(replayed["count"] as? Int == 1)
            #expect(try await subscription("mailer", environment)["parked"] as? Int == 0)

            let unsure = try await InvoicesProgram.run(["subscriptions", "reset", "mailer"], environment: environment)
            #expect(unsure.exitCode == 64)
            try await succeed(["subscriptions", "reset", "mailer", "--after", "0", "--yes"], environment)
            let behind = try await subscription("mailer", environment)
            #expect(behind["position"] as? Int == 0 && behind["lag"] as? Int == 1)
            try await succeed(["subscriptions", "reset", "mailer", "--end", "--yes"], environment)
            #expect(try await subscription("mailer", environment)["position"] as? Int == 1)
        }
    }
}

/// Databases with one invoice, without a service that runs.
func servedOnce() async throws -> TestDatabases {
    let databases = try await TestDatabases.make()
    try await InvoicesProgram.serving(environment: databases.environment) { _ = try await $0.create() }
    return databases
}

func succeed(_ arguments: [String], _ environment: [String: String]) async throws {
    let ending = try await InvoicesProgram.run(arguments, environment: environment)
    #expect(ending.exitCode == 0, "\(ending.output)")
}

/// What a command prints as JSON.
func document(_ arguments: [String], _ environment: [String: String]) async throws -> [String: Any] {
    let ending = try await InvoicesProgram.run(arguments + ["--json"], environment: environment)
    #expect(ending.exitCode == 0, "\(ending.output)")
    return try #require(
        try JSONSerialization.jsonObject(with: Data(ending.standardOutput.utf8)) as? [String: Any])
}

private func invoicesProjection(_ environment: [String: String]) async throws -> [String: Any] {
    let reports = try await document(["projections", "status", "invoices"], environment)
    return try #require((reports["projections"] as? [[String: Any]])?.first)
}

private func subscription(_ name: String, _ environment: [String: String]) async throws -> [String: Any] {
    let reports = try await document(["subscriptions", "status", name], environment)
    return try #require((reports["subscriptions"] as? [[String: Any]])?.first)
}

extension TestDatabases {
    /// Parks an event as the engine would, while no service runs.
    ///
    /// - Returns: its stream.
    fileprivate func parkAnEvent() async throws -> String {
        let stream = "invoices.invoice.v1-main-0190a6e2-0000-7000-8000-000000000001"
        try await readDatabase.withClient { client in
            _ = try await client.execute(
                PostgresStatement(
                    """
                    insert into parked_events (projection, partition, position, tenant, stream, event_id, type, reason)
                    values ('invoices', 0, 1, 'main', $1, gen_random_uuid(), 'invoices.created.v1', 'it is broken')
                    """), stream)
        }
        return stream
    }

    /// Parks the event of the only invoice as the engine would, while no service runs, and takes its row away.
    ///
    /// - Returns: its stream.
    fileprivate func parkTheInvoice() async throws -> String {
        let (stream, position) = try await eventStore.withClient { client in
            try await client.query("select stream::text, position from event_store.events")[0]
                .decode(String.self, Int64.self)
        }
        try await readDatabase.withClient { client in
            _ = try await client.execute(
                PostgresStatement(
                    """
                    insert into parked_events (projection, partition, position, tenant, stream, event_id, type, reason)
                    values ('invoices', 0, $2, 'main', $1, gen_random_uuid(), 'invoices.created.v3', 'it is broken')
                    """), stream, position)
            _ = try await client.execute(PostgresStatement("delete from invoices"))
        }
        return stream
    }

    /// Gives the events of a stream a type that only a later version of the program knows.
    fileprivate func makeUnreadable(_ stream: String) async throws {
        try await eventStore.withClient { client in
            try await client.withConnection { connection in
                // Without the trigger that keeps events from being changed.
                try await connection.script(
                    """
                    set session_replication_role = replica;
                    update event_store.events set type = 'invoices.invoice.created.v9' where stream = '\(stream)';
                    reset session_replication_role
                    """)
            }
        }
    }

    fileprivate func parkedState() async throws -> String {
        try await readDatabase.withClient { client in
            let rows = try await client.query(
                PostgresStatement(
                    """
                    select case when skipped_at is not null then 'skipped: ' || skip_reason
                                when retry_requested then 'to be retried' else 'parked' end
                    from parked_events
                    """))
            return try rows[0].decode(String.self)
        }
    }

    /// Makes a group that has read the first event, and has parked it.
    fileprivate func parkAMessage() async throws {
        try await eventStore.withClient { client in
            try await client.withConnection {
                try await $0.script(
                    """
                    select event_store.register_subscription(
                        '', 'mailer', 1, null, null, null, null, null, null, 100, 30000, 3, '{1000}', true);
                    insert into event_store.parked_messages (
                        subscription_id, position, stream, state, attempts, reason, parked_at)
                    select s.subscription_id, e.position, e.stream, 'parked', 3, 'no such address', clock_timestamp()
                    from event_store.subscriptions s, event_store.events e;
                    """)
            }
        }
    }
}

import Foundation
import PostgresTesting
import Testing
import WebhookTesting

extension IntegrationTests {
    /// Webhooks of a running service, by the API and by `invoices webhooks`.
    @Suite struct Webhooks {
        private static let allowing = ["WEBHOOKS_ALLOW_PRIVATE_NETWORKS": "yes", "OUTBOX_ROUTES": ""]

        @Test func `an invoice's events arrive at a receiver, also those of before a stop`() async throws {
            let databases = try await TestDatabases.make()
            let environment = databases.environment.merging(Self.allowing) { $1 }
            try await Receiver.serving { receiver in
                let url = "http://127.0.0.1:\(receiver.port)/hooks"
                try await InvoicesProgram.serving(environment: environment) { service in
                    let created = try await service.post("/webhooks", #"{"url": "\#(url)"}"#)
                    #expect(created.status == 201)
                    let invoice = try await service.create()
                    try await eventually { receiver.requests.count >= 1 }
                    #expect(receiver.requests[0].text.contains(invoice.id))
                    #expect(receiver.requests[0].text.contains(#""source":"urn:invoices:main""#))
                    receiver.behave(.answer(500))
                    _ = try await service.post("/invoices/\(invoice.id)/pay")
                    try await eventually { receiver.requests.count >= 2 }
                }
                receiver.behave(.answer(200))
                try await InvoicesProgram.serving(environment: environment) { _ in
                    try await eventually { receiver.requests.count >= 3 }
                }
                #expect(receiver.requests.last?.id == receiver.requests[1].id)
            }
        }

        @Test func `by default nothing is sent inside`() async throws {
            let databases = try await TestDatabases.make()
            let environment = databases.environment.merging(["OUTBOX_ROUTES": ""]) { $1 }
            try await Receiver.serving { receiver in
                try await InvoicesProgram.serving(environment: environment) { service in
                    for host in ["127.0.0.1", "localhost", "[::1]", "169.254.169.254"] {
                        let answer = try await service.post(
                            "/webhooks", #"{"url": "https://\#(host):\#(receiver.port)/"}"#)
                        #expect(answer.status == 422, "\(host)")
                    }
                    let command = try await InvoicesProgram.run(
                        ["webhooks", "create", "http://127.0.0.1:\(receiver.port)/"], environment: environment)
                    #expect(command.exitCode == 64 && command.output.count == 1)
                }
                #expect(receiver.requests.isEmpty)
            }
        }

        @Test func `an operator sees, tests, disables and replays a webhook by command`() async throws {
            let databases = try await TestDatabases.make()
            let environment = databases.environment.merging(Self.allowing) { $1 }
            @Sendable func document(_ arguments: String..., exitCode: Int32 = 0) async throws -> [String: Any] {
                let ending = try await InvoicesProgram.run(
                    ["webhooks"] + arguments + ["--json"], environment: environment)
                #expect(ending.exitCode == exitCode, "\(ending.output)")
                let json = try JSONSerialization.jsonObject(with: Data(ending.standardOutput.utf8))
                return try #require(json as? [String: Any])
            }
            try await Receiver.serving { receiver in
                try await InvoicesProgram.serving(environment: environment) { service in
                    let created = try await document(
                        "create", "http://127.0.0.1:\(receiver.port)/", "--event", "invoices.invoice.*")
                    let id = try #require(created["id"] as? String)
                    #expect((created["secret"] as? String)?.hasPrefix("whsec_") == true)
                    let list = try #require(try await document("list")["webhooks"] as? [[String: Any]])
                    #expect(list.map { $0["id"] as? String } == [id] && list[0]["secret"] == nil)
                    let test = try #require(try await document("test", id)["deliveries"] as? [[String: Any]])
                    #expect(test[0]["delivered"] as? Bool == true && receiver.requests.count == 1)

                    _ = try await document("disable", id, "--reason", "maintenance")
                    _ = try await service.create()
                    let shown = try await document("show", id)["webhooks"] as? [[String: Any]]
                    #expect(shown?[0]["disabledReason"] as? String == "maintenance")
                    _ = try await document("enable", id)
                    try await eventually { receiver.requests.count == 2 }
                    #expect(try await document("replay", id, "--after", "0")["position"] as? Int == 0)
                    try await eventually { receiver.requests.count == 3 }
                    let end = try await document("replay", id, "--after", "\(Int64.max)")["position"] as? Int
                    #expect(end == 1)
                    for (arguments, option) in [
                        (["create", "http://127.0.0.1:9/", "--description", "a\u{1B}[2J"], "--description"),
                        (["create", "http://127.0.0.1:9/", "--description", "a\u{9B}b"], "--description"),
                        (
                            ["create", "http://127.0.0.1:9/", "--description", String(repeating: "a", count: 257)],
                            "--description"
                        ),
                        (["disable", id, "--reason", ""], "--reason"),
                        (["disable", id, "--reason", "a\nb"], "--reason"),
                        (["disable", id, "--reason", "a\u{202E}b"], "--reason"),
                    ] {
                        let refused = try await InvoicesProgram.run(["webhooks"] + arguments, environment: environment)
                        #expect(refused.exitCode == 64)
                        #expect(refused.output.joined().contains(option))
                    }
                    #expect(receiver.requests[2].id == receiver.requests[1].id)
                    try await eventually {
                        let found = try await document("deliveries", id)["deliveries"] as? [[String: Any]]
                        return found?.count == 3
                    }

                    let rotated = try await document("rotate-secret", id, "--keep-hours", "1")
                    #expect(rotated["secret"] as? String != created["secret"] as? String)
                    receiver.behave(.answer(500))
                    _ = try await document("test", id, exitCode: 1)
                    _ = try await document("delete", id, "--yes")
                    let unknown = try await InvoicesProgram.run(["webhooks", "show", id], environment: environment)
                    #expect(unknown.exitCode == 66 && unknown.output.count == 1)
                }
            }
        }
    }
}

/// Waits until a condition holds.
private func eventually(
    sourceLocation: SourceLocation = #_sourceLocation, _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try await !condition() {
        try #require(ContinuousClock.now < deadline, "never", sourceLocation: sourceLocation)
        try await Task.sleep(for: .milliseconds(20))
    }
}

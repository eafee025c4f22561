import EventSourcing
import Foundation
import Subprocess
import SystemPackage
import Testing
import WebhookTesting

@testable import Webhooks

/// What a receiver makes of our deliveries with the library that the specification's authors publish for Python.
@Suite(.timeLimit(.minutes(2))) struct IndependentVerificationTests {
    private static let repository = FilePath(#filePath).removingLastComponent().removingLastComponent()
        .removingLastComponent()

    /// Verifies with each of some secrets, and says for each whether the delivery is genuine.
    private static let script = """
        import json, sys
        from standardwebhooks import Webhook, WebhookVerificationError

        for line in sys.stdin:
            delivery = json.loads(line)
            try:
                event = Webhook(delivery["secret"]).verify(delivery["body"], delivery["headers"])
                print(event["type"])
            except WebhookVerificationError as error:
                print("refused:", error)
        """

    private struct Delivery: Encodable {
        let secret: String
        let body: String
        let headers: [String: String]
    }

    private func verify(_ deliveries: [Delivery]) async throws -> [String] {
        let python = Self.repository.appending(".venv/bin/python")
        try #require(
            FileManager.default.isExecutableFile(atPath: python.string), "there is no .venv: run scripts/setup checks")
        let lines = try deliveries.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
        let result = try await run(
            .path(python), arguments: ["-c", Self.script], input: .string(lines.joined(separator: "\n")),
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
        return result.standardOutput.split(separator: "\n").map(String.init)
    }

    @Test func `the library standardwebhooks verifies what arrives, by either secret of a rotation`() async throws {
        let fixture = try WebhookFixture()
        try await Receiver.serving { receiver in
            var endpoint = try await fixture.created(receiver)
            let (old, new) = (endpoint.secrets.current, WebhookSecret.random())
            endpoint.rotate(to: new, keepingPreviousUntil: Date().addingTimeInterval(3_600))
            endpoint = try await fixture.webhooks.save(endpoint)
            try await fixture.append("a")
            try await fixture.relaying { try await eventually("a request") { receiver.requests.count == 1 } }
            let request = try #require(receiver.requests.first)
            let headers = Dictionary(uniqueKeysWithValues: request.headers.map { ($0.name, $0.value) })
            func delivery(_ secret: WebhookSecret, _ body: String? = nil, id: String? = nil) -> Delivery {
                let headers = headers.merging(id.map { ["webhook-id": $0] } ?? [:]) { $1 }
                return Delivery(secret: secret.text, body: body ?? request.text, headers: headers)
            }
            let verdicts = try await verify([
                delivery(new), delivery(old), delivery(.random()),
                delivery(new, request.text.replacingOccurrences(of: "äöü", with: "aou")), delivery(new, id: "other"),
            ])
            #expect(verdicts.prefix(2) == ["tests.thing.happened.v1", "tests.thing.happened.v1"])
            #expect(
                verdicts.count == 5 && verdicts.dropFirst(2).allSatisfy { $0.hasPrefix("refused: ") }, "\(verdicts)")
        }
    }
}

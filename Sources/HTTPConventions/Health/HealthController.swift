import EventSourcing
import HTTPTypes
import Hummingbird

/// Tells whether the service runs, and whether it can work.
struct HealthController: Sendable {
    let checks: @Sendable () async -> [HealthCheck]

    func addRoutes(to group: some RouterMethods<APIRequestContext>) {
        group.get("/health/live", use: live)
        group.get("/health/ready", use: ready)
    }

    @Sendable private func live(_ request: Request, _ context: APIRequestContext) -> Response {
        .json { $0.object { $0.member("status", "ok") } }
    }

    @Sendable private func ready(_ request: Request, _ context: APIRequestContext) async -> Response {
        let checks = await checks()
        let status = checks.map(\.status).max() ?? .ok
        let isReady = status < .failed
        return .json(isReady ? .ok : .serviceUnavailable, headers: isReady ? [:] : .retryAfter) { json in
            json.object { json in
                json.member("status", status.rawValue)
                json.member("checks") { $0.array(checks) { $0.healthCheck($1) } }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func healthCheck(_ check: HealthCheck) {
        object { json in
            json.member("name", check.name)
            json.member("status", check.status.rawValue)
            json.member("reason", check.failure)
        }
    }
}

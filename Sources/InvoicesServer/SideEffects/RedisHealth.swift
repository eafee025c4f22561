import BullMQ
import EventSourcing
import ServiceLifecycle
import Synchronization

/// Whether Redis takes jobs. Each health check sends a probe, and does not wait for a Redis that hangs.
final class RedisHealth: Service {
    private let client: RedisClient
    private let key: String
    private let (requests, request) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    /// Counts the answers.
    private let answered = PositionSignal()
    private let failure = Mutex<String?>(nil)

    /// Health checks have a second, as a rule.
    private static let longestWait = Duration.milliseconds(300)

    /// - Parameter prefix: of the queues' keys.
    init(of client: RedisClient, prefix: String) {
        self.client = client
        key = "\(prefix):probe"
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in self.requests {
                let failure = await self.probe()
                self.failure.withLock { $0 = failure }
                self.answered.advance(to: Position(self.answered.position.rawValue + 1))
            }
        }
    }

    /// Why Redis accepts no jobs, without internal details; nil when it accepts them.
    func failureNow() async -> String? {
        let next = Position(answered.position.rawValue + 1)
        request.yield()
        let isAnswered = (try? await answered.wait(until: next, atMost: Self.longestWait)) == true
        return isAnswered ? failure.withLock(\.self) : client.failure?.code.forAnybody ?? "does not answer"
    }

    /// Sends a command that is refused like any write, and writes nothing.
    private func probe() async -> String? {
        do {
            _ = try await client.send(RedisCommand("SETRANGE", RedisArgument(key), "0", ""))
            return nil
        } catch let error as RedisError {
            return error.code.forAnybody
        } catch {
            return "does not answer"
        }
    }
}

extension RedisError.Code {
    fileprivate var forAnybody: String {
        switch self {
        case .unavailable, .outcomeUnknown, .overloaded, .closed: "does not answer"
        case .outOfMemory: "is full"
        case .readOnly: "takes no writes"
        case .loading: "is loading its data"
        case .persistenceFailed: "cannot save its data"
        case .accessDenied: "refuses the service's user or password"
        case .scriptFailed, .rejected, .protocolViolation, .invalidConfiguration: "does not do what it is asked"
        }
    }
}

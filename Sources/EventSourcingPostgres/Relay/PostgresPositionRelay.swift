public import EventSourcing
public import LibPQ
public import Logging
public import ServiceLifecycle

/// Keeps the position signals of several processes in step: what one process reaches, all of them hear of.
///
/// A position is announced by `NOTIFY` (PostgreSQL manual, "NOTIFY") when a signal of this process has reached it: the
/// first at once, then the furthest one every 25 ms, on a connection that carries nothing else meanwhile. What is heard
/// moves the signal, and is not announced again. After every new connection, and every second as a safety net, the
/// positions are read where they are kept, so that nothing stays unheard. What is announced is believed: whoever may connect to the database can announce.
public struct PostgresPositionRelay: Service {
    private let client: PostgresClient
    private let channel: String
    private let signals: [String: PositionSignal]
    private let recorded: @Sendable () async throws -> [String: Position]
    private let heard = HeardPositions()
    private let logger: Logger

    /// The shortest time between two announcements of a name.
    private static let interval = Duration.milliseconds(25)
    /// How long something can stay unheard whose announcement was lost.
    private static let pollInterval = Duration.seconds(1)

    /// - Parameters:
    ///   - channel: what is listened and notified on; the same in all processes, and another one for other positions.
    ///   - signals: by a name that is the same in all processes.
    ///   - recorded: reads how far things have come, where that is kept.
    public init(
        _ signals: [String: PositionSignal], on channel: String, of client: PostgresClient, logger: Logger,
        recorded: @escaping @Sendable () async throws -> [String: Position]
    ) {
        self.signals = signals
        self.channel = channel
        self.client = client
        self.recorded = recorded
        self.logger = logger
    }

    /// Announces and listens until graceful shutdown.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup { group in
                group.addTask { await repeatedly { try await listen() } }
                group.addTask { await repeatedly { try await catchUp() } }
                for (name, signal) in signals {
                    group.addTask { await repeatedly { try await announce(name, signal) } }
                }
            }
        }
    }

    /// Again and again, after a failure too, with pauses that keep processes from returning all at once.
    private func repeatedly(_ body: () async throws -> Void) async {
        while !Task.isCancelled {
            do { try await body() } catch {
                if Task.isCancelled { return }
                logger.debug(
                    "Positions are not relayed for a moment",
                    metadata: ["postgres.channel": "\(channel)", "error": "\(error)"])
            }
            try? await Task.sleep(for: Self.pollInterval * Double.random(in: 0.75...1))
        }
    }

    private static let notify = PostgresStatement(
        // Nobody needs to wait until the notification itself is on the disk.
        "select set_config('synchronous_commit', 'off', true), pg_notify($1, $2)")
}

// MARK: - Announcing

extension PostgresPositionRelay {
    private func announce(_ name: String, _ signal: PositionSignal) async throws {
        while true {
            let next = Position(heard[name].rawValue + 1)
            guard try await signal.wait(until: next, atMost: .seconds(60)) else { continue }
            let position = signal.position
            guard position > heard[name] else { continue }
            let announcement = PositionAnnouncement(name: name, position: position)
            _ = try await client.transaction { try await $0.execute(Self.notify, channel, announcement.payload) }
            heard.note(announcement)
            try await Task.sleep(for: Self.interval)
        }
    }
}

// MARK: - Listening

extension PostgresPositionRelay {
    private func listen() async throws {
        for try await notification in client.notifications(on: channel) {
            switch notification {
            case .listening:
                try await catchUp()
            case .received(let payload, _):
                guard let announcement = PositionAnnouncement(payload: payload) else { continue }
                heard.note(announcement)
                signals[announcement.name]?.advance(to: announcement.position)
            }
        }
    }

    private func catchUp() async throws {
        for (name, position) in try await recorded() { signals[name]?.advance(to: position) }
    }
}

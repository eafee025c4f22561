public import EventSourcing
import FoundationEssentials
public import LibPQ
public import Logging
public import ServiceLifecycle

/// Keeps the position signals of several processes in step: what one process reaches, all of them hear of.
///
/// A position is announced by `NOTIFY` (PostgreSQL manual, "NOTIFY") when a signal of this process has reached it: the
/// first at once, then the furthest one every 25 ms. What is heard moves the signal, and is not announced again. A
/// process that knows of no other one announces nothing; see <doc:Announcements>. After every new connection, and every
/// ten seconds as a safety net, the positions are read where they are stored, so that nothing stays unheard. What is
/// announced is believed: any role that can connect to the database can announce.
public struct PostgresPositionRelay: Service {
    private let client: PostgresClient
    private let channel: String
    private let signals: [String: PositionSignal]
    private let recorded: @Sendable () async throws -> [String: Position]
    private let heard = HeardPositions()
    private let peers = RelayPeers()
    /// Of this process, on this channel.
    private let id = UUID()
    private let logger: Logger

    /// The shortest time between two announcements of a name.
    private static let interval = Duration.milliseconds(25)
    /// How long a position can stay unheard whose announcement was lost.
    private static let pollInterval = Duration.seconds(10)
    /// The pause after a failure.
    private static let retryInterval = Duration.seconds(1)

    /// - Parameters:
    ///   - channel: what is listened and notified on; the same in all processes, and another one for other positions.
    ///   - signals: by a name that is the same in all processes.
    ///   - recorded: reads how far things have come, where that is stored.
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
                group.addTask { await repeating(every: Self.retryInterval) { try await listen() } }
                group.addTask { await repeating(every: Self.pollInterval) { try await poll() } }
                group.addTask { await repeating(every: RelayPeers.heartbeat) { try await sendHeartbeat() } }
                for (name, signal) in signals {
                    group.addTask {
                        await repeating(every: Self.retryInterval) { try await announce(name, signal) }
                    }
                }
            }
        }
    }

    /// Runs `body` until the task is cancelled, after a failure too, with pauses that keep processes from acting all at
    /// once.
    private func repeating(every interval: Duration, _ body: () async throws -> Void) async {
        while !Task.isCancelled {
            do { try await body() } catch {
                if Task.isCancelled { return }
                logger.debug(
                    "Positions are not relayed for a moment",
                    metadata: ["postgres.channel": "\(channel)", "error": "\(error)"])
            }
            try? await Task.sleep(for: interval * Double.random(in: 0.75...1))
        }
    }

    /// One trip. A transaction that does nothing but notify has written nothing that it would wait for the disk with.
    private func notify(_ message: RelayMessage) async throws {
        try await client.execute(Self.notify, channel, message.payload)
    }

    /// $1 channel, $2 payload
    private static let notify = PostgresStatement("select pg_notify($1, $2)")
}

// MARK: - Announcing

extension PostgresPositionRelay {
    private func announce(_ name: String, _ signal: PositionSignal) async throws {
        while true {
            try await peers.waitForOne()
            let next = Position(heard[name].rawValue + 1)
            guard try await signal.wait(until: next, atMost: .seconds(60)) else { continue }
            let announcement = PositionAnnouncement(name: name, position: signal.position)
            // While it waited, the peers may have gone, or have said the same.
            guard peers.isAny(), announcement.position > heard[name] else { continue }
            try await notify(.position(announcement))
            heard.note(announcement)
            try await Task.sleep(for: Self.interval)
        }
    }

    private func sendHeartbeat() async throws {
        // A peer that has just arrived is answered where it is heard.
        guard peers.isAny() else { return try await peers.waitForOne() }
        try await notify(.present(id))
    }
}

// MARK: - Listening

extension PostgresPositionRelay {
    private func listen() async throws {
        for try await notification in client.notifications(on: channel) {
            switch notification {
            case .listening:
                try await notify(.arrived(id))
                try await catchUp()
            case .received(let payload, _):
                guard let message = RelayMessage(payload: payload) else { continue }
                try await receive(message)
            }
        }
    }

    private func receive(_ message: RelayMessage) async throws {
        switch message {
        case .position(let announcement):
            heard.note(announcement)
            signals[announcement.name]?.advance(to: announcement.position)
        case .arrived(let peer) where peer != id:
            // First, so that the peer is answered before it hears positions.
            try await notify(.present(id))
            peers.note(peer)
        case .present(let peer) where peer != id:
            peers.note(peer)
        case .arrived, .present:
            break
        }
    }

    private func poll() async throws {
        // A position that nobody has announced is one of a process that does not know of this one.
        if try await catchUp(), !peers.isAny() { try await notify(.arrived(id)) }
    }

    /// Moves the signals to where things have come.
    ///
    /// - Returns: whether one of them was behind.
    @discardableResult
    private func catchUp() async throws -> Bool {
        var wasBehind = false
        for (name, position) in try await recorded() {
            guard let signal = signals[name], signal.position < position else { continue }
            wasBehind = true
            signal.advance(to: position)
        }
        return wasBehind
    }
}

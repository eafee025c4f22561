/// In which order the servers of a configuration are tried.
///
/// libpq would go through them by itself, but stay for ever with one that accepts and never answers, or drops packets.
/// So each gets an attempt of its own, with its share of the time, and who did not answer goes to the end for a while.
struct ServerOrder {
    typealias Instant = ContinuousClock.Instant

    /// A server, and what is asked of its sessions.
    struct Candidate: Hashable {
        let host: PostgresConfiguration.Host
        let attributes: PostgresConfiguration.TargetSessionAttributes
    }

    private let hosts: [PostgresConfiguration.Host]
    private let attributes: PostgresConfiguration.TargetSessionAttributes
    private var silentSince: [PostgresConfiguration.Host: Instant] = [:]

    /// How long a server that did not answer is tried after all others.
    static var memory: Duration { .seconds(30) }

    init(_ configuration: PostgresConfiguration) {
        hosts = configuration.hosts
        attributes = configuration.targetSessionAttributes
    }

    mutating func didNotAnswer(_ host: PostgresConfiguration.Host, at now: Instant) { silentSince[host] = now }

    mutating func answered(_ host: PostgresConfiguration.Host) { silentSince[host] = nil }

    /// The servers to try one after another.
    func candidates(at now: Instant) -> [Candidate] {
        let isSilent = { host in silentSince[host].map { now < $0 + Self.memory } ?? false }
        let ordered = hosts.filter { !isSilent($0) } + hosts.filter(isSilent)
        guard attributes == .preferStandby else { return ordered.map { Candidate(host: $0, attributes: attributes) } }
        // What libpq does with the whole list: a second round that takes any.
        return ordered.map { Candidate(host: $0, attributes: .standby) }
            + ordered.map { Candidate(host: $0, attributes: .any) }
    }
}

/// An attempt to connect that is on its way through the servers.
struct ConnectionAttempt {
    /// Those still to be tried; the first is being tried.
    private(set) var candidates: ArraySlice<ServerOrder.Candidate>
    /// When the whole attempt has to be over.
    let deadline: ContinuousClock.Instant
    private var failures: [PostgresError] = []

    init(_ candidates: [ServerOrder.Candidate], until deadline: ContinuousClock.Instant) {
        self.candidates = candidates[...]
        self.deadline = deadline
    }

    var candidate: ServerOrder.Candidate? { candidates.first }

    /// How long the server being tried has: an equal share of what is left.
    func share(at now: ContinuousClock.Instant) -> Duration {
        max(.zero, deadline - now) / max(1, candidates.count)
    }

    /// The server being tried has failed: whether there is another.
    mutating func failed(_ error: PostgresError) -> Bool {
        failures.append(error)
        candidates = candidates.dropFirst()
        return !candidates.isEmpty
    }

    /// No server is encrypted as it has to be.
    var isRefusedByAll: Bool { !failures.isEmpty && failures.allSatisfy { $0.code == .tls } }

    /// What all servers have said.
    var error: PostgresError {
        let codes: [PostgresError.Code] = [.readOnly, .tls]
        let code = codes.first { code in failures.contains { $0.code == code } }
        return PostgresError(code ?? .connection, failures.map(\.message).joined(separator: "; "))
    }
}

public import EventSourcing
import Glibc
import NIOCore
import NIOPosix
import Synchronization

/// Finds the addresses of a host name.
public struct HostResolver: Sendable {
    private let find: @Sendable (String) async throws -> [NetworkAddress]

    /// - Parameter find: the addresses of a name, in the order in which they are to be tried.
    public init(_ find: @escaping @Sendable (String) async throws -> [NetworkAddress]) { self.find = find }

    /// The resolver of the system: getaddrinfo(3), on threads of its own, since it blocks them.
    public static let system = HostResolver { name in
        try await withCheckedThrowingContinuation { continuation in
            let answer = Answer(continuation)
            pool.submit { _ in answer.give(Result { try addresses(of: name) }) }
            _ = MultiThreadedEventLoopGroup.singleton.any().scheduleTask(in: .seconds(5)) {
                answer.give(.failure(UnknownHost(name: name, reason: "no answer within 5 seconds")))
            }
        }
    }

    /// Slow answers hold up those for other names only when there are many.
    private static let pool: NIOThreadPool = {
        let pool = NIOThreadPool(numberOfThreads: 8)
        pool.start()
        return pool
    }()

    /// The first answer counts: getaddrinfo(3) cannot be interrupted.
    private final class Answer: Sendable {
        private let continuation: Mutex<CheckedContinuation<[NetworkAddress], any Error>?>

        init(_ continuation: CheckedContinuation<[NetworkAddress], any Error>) {
            self.continuation = Mutex(continuation)
        }

        func give(_ result: Result<[NetworkAddress], any Error>) {
            let waiting = continuation.withLock { continuation in
                defer { continuation = nil }
                return continuation
            }
            waiting?.resume(with: result)
        }
    }

    /// - Throws: ``UnknownHost`` when there is no address.
    func addresses(of name: String) async throws -> [NetworkAddress] {
        let found = try await find(name)
        guard !found.isEmpty else { throw UnknownHost(name: name, reason: "it has no address") }
        return found
    }

    private static func addresses(of name: String) throws -> [NetworkAddress] {
        var hints = addrinfo()
        hints.ai_flags = AI_ADDRCONFIG
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name, nil, &hints, &list)
        guard status == 0 else { throw UnknownHost(name: name, reason: String(cString: gai_strerror(status))) }
        defer { freeaddrinfo(list) }
        var addresses: [NetworkAddress] = []
        var next = list
        while let entry = next {
            if let address = entry.pointee.ai_addr.flatMap({ NetworkAddress($0) }), !addresses.contains(address) {
                addresses.append(address)
            }
            next = entry.pointee.ai_next
        }
        return addresses
    }
}

/// A name without an address.
struct UnknownHost: Error, CustomStringConvertible {
    let name: String
    let reason: String

    var description: String { "the host \(name) cannot be found: \(reason)" }
}

extension NetworkAddress {
    /// Nil for an address that is neither IPv4 nor IPv6.
    fileprivate init?(_ address: UnsafeMutablePointer<sockaddr>) {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            let ip = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { $0.pointee.sin_addr }
            self.init(bytes: withUnsafeBytes(of: ip) { Array($0) })
        case AF_INET6:
            let ip = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { $0.pointee.sin6_addr }
            self.init(bytes: withUnsafeBytes(of: ip) { Array($0) })
        default: return nil
        }
    }
}

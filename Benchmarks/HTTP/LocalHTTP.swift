import Glibc

/// The least of HTTP on this machine: to find a port, to see whether somebody listens there, and to fetch an answer.
enum LocalHTTP {
    /// A port that nobody uses now.
    static func freePort() throws -> Int {
        let socket = try open()
        defer { close(socket) }
        var address = address(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withSocketAddress(&address) {
            bind(socket, $0, length) == 0 && getsockname(socket, $0, &length) == 0
        }
        guard bound else { throw SocketFailed(errno: errno) }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    static func isListening(on port: Int) throws -> Bool {
        let socket = try open()
        defer { close(socket) }
        return connect(socket, to: port)
    }

    /// The body of the answer to a GET.
    ///
    /// - Throws: ``WrongAnswer`` for any status but 200.
    static func get(_ path: String, port: Int) throws -> [UInt8] {
        let socket = try open()
        defer { close(socket) }
        guard connect(socket, to: port) else { throw SocketFailed(errno: errno) }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        guard send(socket, request, request.count, 0) == request.count else { throw SocketFailed(errno: errno) }
        var (answer, piece) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
        while case let count = recv(socket, &piece, piece.count, 0), count > 0 { answer += piece[..<count] }
        let end = Array("\r\n\r\n".utf8)
        guard answer.starts(with: "HTTP/1.1 200".utf8),
            let head = answer.indices.first(where: { answer[$0...].starts(with: end) })
        else { throw WrongAnswer() }
        return Array(answer[(head + end.count)...])
    }

    private static func open() throws -> Int32 {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw SocketFailed(errno: errno) }
        return socket
    }

    private static func connect(_ socket: Int32, to port: Int) -> Bool {
        var address = address(port: port)
        return withSocketAddress(&address) { Glibc.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0 }
    }

    private static func address(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        return address
    }

    private static func withSocketAddress<Answer>(
        _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Answer
    ) -> Answer {
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0) }
        }
    }
}

struct SocketFailed: Error, CustomStringConvertible {
    let errno: Int32

    var description: String { "a socket on this machine failed: \(String(cString: strerror(errno)))" }
}

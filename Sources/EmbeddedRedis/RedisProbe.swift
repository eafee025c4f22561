import Glibc
import ServerProcesses

/// Asks a server whether it takes commands, as `redis-cli` would.
enum RedisProbe {
    /// False when it does not listen, is loading its data, or does not answer within a second.
    static func isReady(at sockets: SocketDirectory) -> Bool {
        guard let connection = try? sockets.connect() else { return false }
        defer { close(connection) }
        var timeout = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        let question = Array("PING\r\n".utf8)
        guard send(connection, question, question.count, Int32(MSG_NOSIGNAL)) == question.count else { return false }
        var answer = [UInt8](repeating: 0, count: 64)
        let count = recv(connection, &answer, answer.count, 0)
        // One that asks for a password has loaded its data.
        return ["+PONG", "-NOAUTH"].contains { answer.prefix(max(count, 0)).starts(with: $0.utf8) }
    }
}

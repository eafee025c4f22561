import Glibc
import ServerProcesses

/// Asks a server whether it takes commands, as `redis-cli` would.
enum RedisProbe {
    /// The server's process id; nil when it does not listen, is loading its data, or does not answer within a second.
    static func processID(at sockets: SocketDirectory) -> pid_t? {
        guard let connection = try? sockets.connect() else { return nil }
        defer { close(connection) }
        var timeout = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        let question = Array("PING\r\nINFO server\r\n".utf8)
        guard send(connection, question, question.count, Int32(MSG_NOSIGNAL)) == question.count else { return nil }
        return processID(inAnswerOf: connection)
    }

    private static func processID(inAnswerOf connection: CInt) -> pid_t? {
        var answer = ""
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(connection, &bytes, bytes.count, 0)
            guard count > 0 else { return nil }
            answer += String(decoding: bytes[..<count], as: UTF8.self)
            if answer.hasPrefix("-") { return nil }
            if let line = answer.split(separator: "\r\n", omittingEmptySubsequences: false).dropLast()
                .first(where: { $0.hasPrefix("process_id:") })
            {
                return pid_t(line.dropFirst("process_id:".count))
            }
        }
    }
}

import Foundation
import Glibc
import Synchronization

/// A connection on which bytes are sent as they are, right or wrong.
///
/// It waits in threads of its own, for the server needs those that tests run in.
package final class RawConnection: Sendable {
    package struct Failed: Error {
        let call: String
        let code = errno
    }

    /// How what the server sends ends.
    package enum End: Hashable, Sendable {
        /// The server has closed its side.
        case closed
        /// The connection was reset; what the server had sent may be lost.
        case reset
        /// Nothing came for twenty seconds.
        case silence
    }

    private let descriptor: Int32
    private let received = Mutex<[UInt8]>([])

    /// Connects for as long as `body` runs.
    package static func open<Outcome: Sendable>(
        port: Int, receiveBuffer: Int32? = nil, _ body: (RawConnection) async throws -> Outcome
    ) async throws -> Outcome {
        let connection = try RawConnection(port: port, receiveBuffer: receiveBuffer)
        return try await body(connection)
    }

    /// Sends the text, and returns everything that comes back.
    package static func exchange(_ text: String, port: Int) async throws -> String {
        try await open(port: port) { connection in
            await connection.send(text)
            return await connection.readToEnd().text
        }
    }

    /// - Parameter receiveBuffer: how many bytes the kernel keeps for the client, about; nil for its default.
    package init(port: Int, receiveBuffer: Int32? = nil) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failed(call: "socket") }
        if var size = receiveBuffer {
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        var timeout = timeval(tv_sec: 20, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { [descriptor] pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else {
            Glibc.close(descriptor)
            throw Failed(call: "connect")
        }
    }

    deinit { Glibc.close(descriptor) }

    /// - Returns: whether everything could be sent; the server may have closed the connection.
    @discardableResult
    package func send(_ text: String) async -> Bool { await send(bytes: Array(text.utf8)) }

    @discardableResult
    package func send(bytes: [UInt8]) async -> Bool {
        await inThread { [descriptor] in
            var rest = bytes[...]
            while !rest.isEmpty {
                let sent = rest.withUnsafeBytes {
                    Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
                }
                guard sent > 0 else { return false }
                rest = rest.dropFirst(sent)
            }
            return true
        }
    }

    /// Sends nothing more, and goes on reading.
    package func closeWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Closes the connection so that the server gets a reset.
    package func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        // Another file takes the number, which `deinit` closes.
        let other = Glibc.open("/dev/null", O_RDONLY)
        dup2(other, descriptor)
        Glibc.close(other)
    }

    /// Waits for something to come, and returns whether the text is in what has come and was not read as an answer.
    package func hasReceived(_ text: String) async -> Bool {
        await inThread { [self] in
            if received.withLock({ String(decoding: $0, as: UTF8.self).contains(text) }) { return true }
            _ = receive()
            return received.withLock { String(decoding: $0, as: UTF8.self).contains(text) }
        }
    }

    /// The next answer; nil when the server sends no whole one.
    package func readAnswer(toHead isToHead: Bool = false) async -> RawAnswer? {
        await inThread { [self] in
            while true {
                let (answer, rest) = received.withLock { RawAnswer.first(in: $0, toHead: isToHead) } ?? (nil, [])
                if let answer {
                    received.withLock { $0 = rest }
                    return answer
                }
                guard receive() == nil else { return nil }
            }
        }
    }

    /// Everything that the server still sends.
    package func readToEnd() async -> (text: String, end: End) {
        await inThread { [self] in
            while true {
                if let end = receive() { return (String(decoding: received.withLock(\.self), as: UTF8.self), end) }
            }
        }
    }

    /// Waits for something to come; nil when something has.
    private func receive() -> End? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        if count == 0 { return .closed }
        if count < 0 { return errno == EAGAIN ? .silence : .reset }
        received.withLock { $0 += buffer[..<count] }
        return nil
    }

    private func inThread<Outcome: Sendable>(_ body: @escaping @Sendable () -> Outcome) async -> Outcome {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: body()) }
        }
    }
}

/// An answer of HTTP/1.1, as it was sent.
package struct RawAnswer: Sendable {
    package let status: Int
    /// By names in lower case.
    package let headers: [String: String]
    package let body: String

    /// The answers that follow each other in a text, without bodies to those whose methods are HEAD.
    package static func all(in text: String, methods: [String] = []) -> [RawAnswer] {
        var (answers, rest): ([RawAnswer], [UInt8]) = ([], Array(text.utf8))
        while let (answer, remaining) = first(
            in: rest, toHead: answers.count < methods.count && methods[answers.count] == "HEAD")
        {
            answers.append(answer)
            rest = remaining
        }
        return answers
    }

    /// The first answer, and what follows it; nil when it is not whole.
    static func first(in bytes: [UInt8], toHead isToHead: Bool) -> (RawAnswer, rest: [UInt8])? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let lines = String(decoding: bytes[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        let fields = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (parts[0].lowercased(), parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : "")
        }
        let headers = Dictionary(fields) { "\($0), \($1)" }
        let status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
        let isEmpty = isToHead || status < 200 || status == 204 || status == 304
        let length = isEmpty ? 0 : headers["content-length"].flatMap(Int.init) ?? bytes.count - end.upperBound
        guard bytes.count >= end.upperBound + length else { return nil }
        let body = bytes[end.upperBound..<end.upperBound + length]
        return (
            RawAnswer(status: status, headers: headers, body: String(decoding: body, as: UTF8.self)),
            Array(bytes[(end.upperBound + length)...])
        )
    }
}

import Dispatch
import Glibc
import Synchronization

/// Listens in the place of a PostgreSQL server, answers a request for TLS as configured, asks clients that continue for the
/// password in clear, and notes every byte that it gets.
package final class Impostor: Sendable {
    /// Protocol 1234.5679 (PostgreSQL manual, "Message Formats": SSLRequest).
    package static let requestForTLS: [UInt8] = [0, 0, 0, 8, 4, 210, 22, 47]
    /// AuthenticationCleartextPassword.
    private static let requestForPassword: [UInt8] = [UInt8(ascii: "R"), 0, 0, 0, 8, 0, 0, 0, 3]

    private let listener: LoopbackListener
    private let answer: [UInt8]
    private let notes = Mutex<[[UInt8]]>([])

    package var port: Int { listener.port }
    /// What came over each connection so far.
    package var received: [[UInt8]] { notes.withLock { $0 } }

    /// - Parameter answer: what a request for TLS is answered with; nothing: it is not answered at all.
    package init(answering answer: String) throws {
        listener = try LoopbackListener()
        self.answer = Array(answer.utf8)
        DispatchQueue(label: "impostor").async { self.work() }
    }

    package func close() { listener.close() }

    private func work() {
        while true {
            let client = accept(listener.descriptor, nil, nil)
            guard client >= 0 else { return }
            let index = notes.withLock { notes in
                notes.append([])
                return notes.count - 1
            }
            DispatchQueue(label: "impostor.connection").async { self.talk(on: client, index) }
        }
    }

    private func talk(on client: Int32, _ index: Int) {
        defer { Glibc.close(client) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(client, &bytes, bytes.count, 0)
            guard count > 0 else { return }
            let message = Array(bytes[..<count])
            notes.withLock { $0[index] += message }
            let reply = message == Self.requestForTLS ? answer : Self.requestForPassword
            guard reply.isEmpty || send(client, reply, reply.count, Int32(MSG_NOSIGNAL)) > 0 else { return }
        }
    }
}

extension Impostor {
    /// At least one request for TLS was received, and nothing else.
    package var hasHeardNothing: Bool {
        let received = received.filter { !$0.isEmpty }
        return !received.isEmpty && received.allSatisfy { $0 == Self.requestForTLS }
    }

    package func hasHeard(_ text: String) -> Bool {
        received.contains { bytes in String(decoding: bytes, as: UTF8.self).contains(text) }
    }
}

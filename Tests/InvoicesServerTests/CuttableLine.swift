import Foundation
import Synchronization

/// A unix socket in front of a server's, that can be cut: as by a network that drops everything, nothing comes through
/// in either direction, neither an end nor a refusal. What was on its way arrives when it is mended.
final class CuttableLine: Sendable {
    private let isCut = Mutex(false)
    private let listener: Int32
    private let target: String
    /// The folder of the socket, which has the server's port in its name.
    let directory: String

    init(to targetDirectory: String, port: Int, in directory: String) throws {
        self.directory = directory
        target = "\(targetDirectory)/.s.PGSQL.\(port)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let hasBound = Self.withAddress("\(directory)/.s.PGSQL.\(port)") { bind(listener, $0, $1) }
        guard hasBound == 0, listen(listener, 100) == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
        Thread.detachNewThread { self.accept() }
    }

    func cut() { isCut.withLock { $0 = true } }

    func mend() { isCut.withLock { $0 = false } }

    /// Takes no more connections; those that there are end with their ends.
    func close() {
        mend()
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private func accept() {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else { break }
            let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            guard Self.withAddress(target, { connect(server, $0, $1) }) == 0 else {
                Glibc.close(client)
                Glibc.close(server)
                continue
            }
            let ends = Ends(client, server)
            Thread.detachNewThread { self.pump(client, server, ends) }
            Thread.detachNewThread { self.pump(server, client, ends) }
        }
        Glibc.close(listener)
    }

    /// Carries bytes one way until their end.
    private func pump(_ source: Int32, _ destination: Int32, _ ends: Ends) {
        defer { ends.leave() }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(source, &bytes, bytes.count, 0)
            while isCut.withLock({ $0 }) { usleep(5_000) }
            guard count > 0 else { return }
            var sent = 0
            while sent < count {
                let written = bytes[sent..<count].withUnsafeBytes { (rest: UnsafeRawBufferPointer) in
                    send(destination, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
                }
                guard written > 0 else { return }
                sent += written
            }
        }
    }

    /// The two sockets of a connection through the line; the second pump to leave closes them.
    private final class Ends: Sendable {
        private let sockets: [Int32]
        private let pumps = Mutex(2)

        init(_ sockets: Int32...) { self.sockets = sockets }

        func leave() {
            for socket in sockets { shutdown(socket, Int32(SHUT_RDWR)) }
            let isLast = pumps.withLock { pumps in
                pumps -= 1
                return pumps == 0
            }
            if isLast { for socket in sockets { Glibc.close(socket) } }
        }
    }

    private static func withAddress<Answer>(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Answer
    ) -> Answer {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}

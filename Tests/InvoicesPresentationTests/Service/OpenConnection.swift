import Foundation
import Glibc
import Synchronization

/// A connection that a test opens, half closes and closes when it wants to.
final class OpenConnection: Sendable {
    private let open: Mutex<Int32?>

    private var descriptor: Int32 { open.withLock { $0 ?? -1 } }

    init(port: Int) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw RawConnection.Failed(call: "socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        open = Mutex(descriptor)
        guard connected == 0 else { throw RawConnection.Failed(call: "connect") }
    }

    deinit { hangUp() }

    func send(_ text: String) {
        _ = Array(text.utf8).withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    /// Sends nothing more, and goes on reading.
    func closeOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Goes away, as a program does that ends: the server sees the same as after ``closeOutput()``, until it sends something.
    func hangUp() {
        if let descriptor = open.withLock({ $0.take() }) { close(descriptor) }
    }

    /// Everything that comes until the server closes the connection, or says nothing for ten seconds.
    func answer() async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { [descriptor] in
                var patience = timeval(tv_sec: 10, tv_usec: 0)
                setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
                var (answer, buffer): ([UInt8], [UInt8]) = ([], [UInt8](repeating: 0, count: 65_536))
                while true {
                    let count = recv(descriptor, &buffer, buffer.count, 0)
                    guard count > 0 else { break }
                    answer += buffer[..<count]
                }
                continuation.resume(returning: String(decoding: answer, as: UTF8.self))
            }
        }
    }
}

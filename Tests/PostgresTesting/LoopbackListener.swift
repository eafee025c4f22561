import Glibc

/// A TCP socket of this machine that takes connections, on a free port.
package struct LoopbackListener: Sendable {
    package let port: Int
    package let descriptor: Int32

    package init() throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = descriptor
        let isListening = withUnsafeMutableBytes(of: &address) { bytes in
            let address = bytes.baseAddress!.assumingMemoryBound(to: sockaddr.self)
            return bind(descriptor, address, length) == 0 && listen(descriptor, 100) == 0
                && getsockname(descriptor, address, &length) == 0
        }
        guard isListening else { throw NoPort() }
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    /// Takes no more connections, and ends a wait for one.
    package func close() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        Glibc.close(descriptor)
    }

    private struct NoPort: Error {}
}

package import FoundationEssentials

extension UUID {
    package var bytes: [UInt8] { withUnsafeBytes(of: uuid) { Array($0) } }

    /// - Parameter bytes: all sixteen of them.
    /// - Precondition: there are sixteen.
    package init(bytes: some Collection<UInt8>) {
        precondition(bytes.count == 16, "a UUID has sixteen bytes")
        var uuid: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        withUnsafeMutableBytes(of: &uuid) { $0.copyBytes(from: bytes) }
        self.init(uuid: uuid)
    }
}

/// An IP address, as its bytes.
public struct NetworkAddress: Hashable, Sendable, CustomStringConvertible {
    /// 4 or 16 bytes, in network order.
    public let bytes: [UInt8]

    /// - Precondition: there are 4 or 16 bytes.
    public init(bytes: [UInt8]) {
        precondition(bytes.count == 4 || bytes.count == 16, "an address has 4 or 16 bytes")
        self.bytes = bytes
    }

    /// Four decimal numbers without leading zeros; nil for any other text, such as the octal and hexadecimal forms of old.
    public init?(ipv4 text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { part -> UInt8? in
            guard part.utf8.allSatisfy(\.isDigit), part == "0" || !part.hasPrefix("0") else { return nil }
            return UInt8(part)
        }
        guard parts.count == 4, numbers.count == 4 else { return nil }
        bytes = numbers
    }

    /// The text of RFC 4291, section 2.2, without a zone; nil for any other text.
    public init?(ipv6 text: String) {
        let halves = text.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
        guard !text.isEmpty, !text.contains(":::"), let head = Self.groups(halves[0], canEndWithIPv4: halves.count == 1)
        else { return nil }
        guard halves.count == 2 else {
            guard head.count == 16 else { return nil }
            bytes = head
            return
        }
        guard let tail = Self.groups(halves[1], canEndWithIPv4: true), head.count + tail.count <= 14 else { return nil }
        bytes = head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// The bytes of groups of hexadecimal digits.
    private static func groups(_ text: Substring, canEndWithIPv4: Bool) -> [UInt8]? {
        guard !text.isEmpty else { return [] }
        var bytes: [UInt8] = []
        let groups = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, group) in groups.enumerated() {
            if group.contains(".") {
                guard canEndWithIPv4, index == groups.count - 1, let address = NetworkAddress(ipv4: String(group))
                else {
                    return nil
                }
                bytes += address.bytes
                continue
            }
            let isHexadecimal = group.utf8.allSatisfy { $0.isDigit || (0x61...0x66).contains($0 | 0x20) }
            guard (1...4).contains(group.utf8.count), isHexadecimal, let number = UInt16(group, radix: 16) else {
                return nil
            }
            bytes += [UInt8(number >> 8), UInt8(number & 0xFF)]
        }
        return bytes.count <= 16 ? bytes : nil
    }

    /// Whether it has 16 bytes.
    public var isIPv6: Bool { bytes.count == 16 }

    /// Four decimal numbers with dots, or eight hexadecimal ones with colons.
    public var description: String {
        guard isIPv6 else { return bytes.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2).map { index in
            String(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]), radix: 16)
        }.joined(separator: ":")
    }

    /// Whether its first bits are those of a network.
    func isIn(_ network: Network) -> Bool {
        let (bytes, length) = (network.address.bytes, network.length)
        guard self.bytes.count == bytes.count, self.bytes.prefix(length / 8) == bytes.prefix(length / 8) else {
            return false
        }
        guard length % 8 != 0 else { return true }
        let mask = UInt8.max << (8 - length % 8)
        return self.bytes[length / 8] & mask == bytes[length / 8] & mask
    }

    /// The addresses that share their first bits.
    struct Network: Sendable {
        let address: NetworkAddress
        /// How many bits they share.
        let length: Int

        /// - Precondition: the text is an address with a slash and a length behind it.
        init(_ text: String) {
            let parts = text.split(separator: "/")
            guard parts.count == 2, let length = Int(parts[1]),
                let address = NetworkAddress(ipv4: String(parts[0])) ?? NetworkAddress(ipv6: String(parts[0]))
            else { preconditionFailure("\(text) is no network") }
            self.address = address
            self.length = length
        }
    }
}

import FoundationEssentials

/// A few bytes as a text that callers send back unchanged: base64url of a kind, the bytes, and a checksum.
///
/// The checksum (FNV-1a) is there to tell a garbled token from a good one. It is no secret: a token gives no rights.
package struct OpaqueToken {
    /// What a token is for, so that one is not taken for the other. The numbers stay as they are.
    package enum Kind: UInt8 {
        case cursor = 1
        case consistency = 2
        case event = 3
        case webhook = 4
        case delivery = 5
    }

    package static func text(of kind: Kind, _ payload: [UInt8]) -> String {
        let content = [kind.rawValue] + payload
        var base64 = Array(Data(content + checksum(of: content)).base64EncodedData())
        while base64.last == UInt8(ascii: "=") { base64.removeLast() }
        for index in base64.indices { base64[index] = urlSafe(base64[index]) }
        return String(decoding: base64, as: UTF8.self)
    }

    /// The payload of a token; nil when it is garbled, of another kind, or not of one of these sizes.
    package static func payload(of kind: Kind, sizes: ClosedRange<Int>, in text: String) -> [UInt8]? {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        let base64 = text.replacing("-", with: "+").replacing("_", with: "/") + padding
        guard let bytes = Data(base64Encoded: base64), sizes.contains(bytes.count - 5) else { return nil }
        let payload = Array(bytes.dropFirst().dropLast(4))
        return Self.text(of: kind, payload) == text ? payload : nil
    }

    private static func urlSafe(_ digit: UInt8) -> UInt8 {
        switch digit {
        case UInt8(ascii: "+"): UInt8(ascii: "-")
        case UInt8(ascii: "/"): UInt8(ascii: "_")
        default: digit
        }
    }

    /// The payload of a token; nil when it is garbled, of another kind, or not of this size.
    package static func payload(of kind: Kind, size: Int, in text: String) -> [UInt8]? {
        payload(of: kind, sizes: size...size, in: text)
    }

    private static func checksum(of bytes: [UInt8]) -> [UInt8] {
        bytes.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 }.bigEndianBytes
    }
}

extension FixedWidthInteger {
    package var bigEndianBytes: [UInt8] { withUnsafeBytes(of: bigEndian) { Array($0) } }

    package init(bigEndianBytes bytes: some Sequence<UInt8>) {
        self = bytes.reduce(0) { $0 << 8 | Self(truncatingIfNeeded: $1) }
    }
}

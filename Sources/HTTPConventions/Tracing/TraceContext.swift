import EventSourcing
import FoundationEssentials
import HTTPTypes

/// Where a request belongs in a distributed trace (W3C Trace Context, level 1).
struct TraceContext {
    /// 32 hexadecimal digits, in lower case.
    let traceID: String
    private let flags: String
    private let state: String?

    /// Goes on with the caller's trace.
    ///
    /// - Returns: nil when there is none, or when its `traceparent` cannot be read. A `tracestate` that cannot be read
    ///   is left out. Neither is a reason to refuse a request.
    init?(of headers: HTTPFields) {
        guard let text = headers[.traceParent], let parent = Self.parse(text) else { return nil }
        traceID = parent.traceID
        flags = parent.isSampled ? "01" : "00"
        state = headers[.traceState].flatMap { Self.isState($0) ? $0 : nil }
    }

    /// Begins a trace that nobody samples.
    init(id: UUID) {
        traceID = id.hexadecimal(0..<16)
        flags = "00"
        state = nil
    }

    /// The `traceparent` of this service's part in the trace.
    ///
    /// - Parameter spanID: its last eight bytes are the id of the part.
    func traceparent(spanID: UUID) -> String { "00-\(traceID)-\(spanID.hexadecimal(8..<16))-\(flags)" }

    /// Adds the headers of the answer.
    func addHeaders(to headers: inout HTTPFields, traceparent: String) {
        headers[.traceParent] = traceparent
        if let state { headers[.traceState] = state }
    }

    /// Reads version 00, and of later versions what they have in common with it.
    private static func parse(_ text: String) -> (traceID: String, isSampled: Bool)? {
        let parts = text.split(separator: "-", maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0] == "00" ? parts.count == 4 : parts[0] != "ff",
            zip(parts, [2, 32, 16, 2]).allSatisfy({ $0.utf8.count == $1 && $0.utf8.allSatisfy(\.isLowerHexDigit) }),
            parts[1].contains(where: { $0 != "0" }), parts[2].contains(where: { $0 != "0" }),
            let flags = UInt8(parts[3], radix: 16)
        else { return nil }
        return (String(parts[1]), flags & 1 == 1)
    }

    /// Whether the text is a list of at most 32 pairs of key and value, each key once.
    private static func isState(_ text: String) -> Bool {
        var keys: Set<Substring> = []
        for element in text.split(separator: ",") {
            let pair = element.drop(while: \.isBlank)
            guard let equals = pair.firstIndex(of: "=") else {
                guard pair.isEmpty else { return false }
                continue
            }
            let (key, value) = (pair[..<equals], pair[equals...].dropFirst())
            guard isKey(key), isValue(value), keys.insert(key).inserted, keys.count <= 32 else { return false }
        }
        return !keys.isEmpty
    }

    private static func isKey(_ key: Substring) -> Bool {
        let isMultiTenant = key.contains("@")
        let parts = key.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count <= 2, let tenant = parts.first?.utf8.first, let system = parts.last?.utf8.first else {
            return false
        }
        return key.utf8.count <= 256 && system.isLowercaseLetter
            && (isMultiTenant && tenant.isDigit || tenant.isLowercaseLetter)
            && parts.allSatisfy {
                $0.utf8.allSatisfy { $0.isLowercaseLetter || $0.isDigit || "_-*/".utf8.contains($0) }
            }
    }

    private static func isValue(_ value: Substring) -> Bool {
        (1...256).contains(value.utf8.count)
            && value.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != UInt8(ascii: "=") }
    }
}

extension Character {
    fileprivate var isBlank: Bool { self == " " || self == "\t" }
}

extension UInt8 {
    fileprivate var isLowerHexDigit: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self) }
}

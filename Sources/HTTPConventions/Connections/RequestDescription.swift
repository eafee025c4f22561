import Glibc
import NIOHTTP1

/// What a connection has to know of a request: how its message ends, and why it is refused before anybody reads it.
struct RequestDescription {
    private let head: HTTPRequestHead
    private var hosts: [Substring] = []
    private var transferCodings: [Substring] = []
    private var contentLength: Substring?
    private var expectation: Substring?
    private var isClosed = false
    private var isUpgrade = false

    /// Goes through the headers once. The parser leaves the blanks behind their values, which are no part of them (RFC 9110,
    /// section 5.5).
    init(of head: HTTPRequestHead) {
        self.head = head
        for (name, value) in head.headers {
            switch name.utf8.count {
            case 4 where name.equals("host"): hosts.append(value.withoutBlanksBehind)
            case 6 where name.equals("expect"): expectation = value.withoutBlanksBehind
            case 7 where name.equals("upgrade"): isUpgrade = true
            case 10 where name.equals("connection"):
                isClosed = isClosed || value.withoutBlanksBehind.equals("close")
            case 14 where name.equals("content-length"): contentLength = value.withoutBlanksBehind
            case 17 where name.equals("transfer-encoding"): transferCodings.append(value.withoutBlanksBehind)
            default: break
            }
        }
    }

    private var isOld: Bool { head.version.major == 1 && head.version.minor == 0 }

    var pending: ConnectionState.PendingRequest {
        ConnectionState.PendingRequest(
            // The parser reads nothing more once another protocol was asked for. A server may ignore `Upgrade`
            // (RFC 9110, section 7.8).
            isLast: isUpgrade || isClosed || !head.isKeepAlive, isOld: isOld,
            waitsForContinue: !isOld && expectation?.isEmpty == false,
            bodySize: contentLength.map { Int(contentLength: String($0)) })
    }

    /// HTTP/1.0 has no expectations, and is sent no 100 (RFC 9110, section 10.1.1).
    var ignoresExpectation: Bool { isOld && expectation != nil }

    /// Why the request is refused; nil when it is not.
    var refusal: Problem? {
        if head.uri.utf8.count > RequestLimits.targetSize { return Problem(.targetTooLong) }
        if head.method == .CONNECT { return Problem(.methodNotImplemented) }
        return targetRefusal ?? hostRefusal ?? codingRefusal
    }

    /// A path, an address with a host, or `*` (RFC 9112, section 3.2).
    private var targetRefusal: Problem? {
        let target = head.uri.utf8
        let isPath = target.first == UInt8(ascii: "/") || (target.elementsEqual("*".utf8) && head.method == .OPTIONS)
        guard !target.contains(UInt8(ascii: "#")), isPath || hasHost else {
            return Problem(.badRequest, "The request's target is no path, and no address with http and a host.")
        }
        return nil
    }

    /// Whether the target is an address of HTTP with a host, as it is sent to proxies.
    private var hasHost: Bool {
        let parts = head.uri.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count > 2, parts[1].isEmpty, ["http:", "https:"].contains(parts[0].lowercased()) else {
            return false
        }
        return HostHeader.isValid(parts[2].prefix { $0 != "?" })
    }

    /// RFC 9112, section 3.2.
    private var hostRefusal: Problem? {
        if hosts.isEmpty, !isOld {
            return Problem(.badRequest, "A request of HTTP/1.1 has a Host header. Send one.")
        }
        if hosts.count > 1 { return Problem(.badRequest, "There are \(hosts.count) Host headers. Send one.") }
        if let host = hosts.first, !HostHeader.isValid(host) {
            return Problem(
                .badRequest, "The Host header is not a host and a port. Send one such as invoices.example:3001.")
        }
        return nil
    }

    /// RFC 9112, section 6.1. The parser refuses a `Content-Length` beside it, and codings that do not end in chunks.
    private var codingRefusal: Problem? {
        guard !transferCodings.isEmpty else { return nil }
        if isOld { return Problem(.badRequest, "HTTP/1.0 has no Transfer-Encoding. Send a Content-Length.") }
        guard transferCodings.count == 1, transferCodings[0].equals("chunked") else {
            return Problem(.transferCodingNotImplemented)
        }
        return nil
    }
}

/// The value of `Host` (RFC 9110, section 7.2): a host as in a URI (RFC 3986, section 3.2.2), and a port.
enum HostHeader {
    static func isValid(_ value: Substring) -> Bool {
        let bytes = value.utf8
        guard bytes.first != UInt8(ascii: "[") else { return isValidLiteral(bytes.dropFirst()) }
        let name = bytes.prefix { $0 != UInt8(ascii: ":") }
        return !name.isEmpty && isName(name) && isPort(bytes.dropFirst(name.count))
    }

    /// An IPv6 address, or one of a version to come, after its opening bracket.
    private static func isValidLiteral(_ bytes: Substring.UTF8View) -> Bool {
        let address = bytes.prefix { $0 != UInt8(ascii: "]") }
        let rest = bytes.dropFirst(address.count)
        guard rest.first == UInt8(ascii: "]"), isPort(rest.dropFirst()) else { return false }
        if address.first == UInt8(ascii: "v") || address.first == UInt8(ascii: "V") {
            return address.count > 3 && address.allSatisfy { isUnreserved($0) || isSubDelimiter($0) || $0 == 0x3A }
        }
        return isIPv6(address)
    }

    private static func isIPv6(_ bytes: Substring.UTF8View) -> Bool {
        var address = in6_addr()
        // A byte 0 would end the text before its end; the parser lets none through.
        return inet_pton(AF_INET6, String(Substring(bytes)), &address) == 1
    }

    private static func isName(_ bytes: Substring.UTF8View) -> Bool {
        var rest = bytes
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard let first = rest.popFirst(), let second = rest.popFirst(), isHexDigit(first), isHexDigit(second)
                else { return false }
            } else if !isUnreserved(byte), !isSubDelimiter(byte) {
                return false
            }
        }
        return true
    }

    /// Nothing, or a colon and a number, which may be left out.
    private static func isPort(_ bytes: Substring.UTF8View) -> Bool {
        guard let first = bytes.first else { return true }
        let digits = bytes.dropFirst()
        return first == UInt8(ascii: ":") && digits.allSatisfy(isDigit)
            && (digits.isEmpty || UInt16(Substring(digits)) != nil)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isHexDigit(_ byte: UInt8) -> Bool { isDigit(byte) || (0x61...0x66).contains(byte | 0x20) }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        isDigit(byte) || (0x61...0x7A).contains(byte | 0x20) || "-._~".utf8.contains(byte)
    }

    private static func isSubDelimiter(_ byte: UInt8) -> Bool { "!$&'()*+,;=".utf8.contains(byte) }
}

extension String {
    fileprivate var withoutBlanksBehind: Substring {
        var rest = self[...]
        while let last = rest.utf8.last, last == UInt8(ascii: " ") || last == UInt8(ascii: "\t") {
            rest = Substring(rest.utf8.dropLast())
        }
        return rest
    }
}

extension StringProtocol {
    /// Whether it is a name that is given in lower case, in any case.
    fileprivate func equals(_ name: StaticString) -> Bool {
        name.withUTF8Buffer { name in
            utf8.count == name.count && utf8.elementsEqual(name) { $0 == $1 || $0 | 0x20 == $1 && $0 > 0x40 }
        }
    }
}

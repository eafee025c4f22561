import Glibc
import Synchronization

/// The present time as an HTTP date (RFC 9110, section 5.6.7), formatted again only when the second has changed.
///
/// It is formatted on demand, so that an idle service needs no timer.
final class HTTPDate: Sendable {
    private let known = Mutex<(second: time_t, text: String)>((.min, ""))

    var now: String {
        let second = time(nil)
        return known.withLock { known in
            if known.second != second { known = (second, Self.text(second)) }
            return known.text
        }
    }

    /// - Parameter second: since 1970.
    static func text(_ second: time_t) -> String {
        var (second, parts) = (second, tm())
        gmtime_r(&second, &parts)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 40) { buffer in
            let count = strftime(buffer.baseAddress!, buffer.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
            return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }
}

import Glibc
import Synchronization

/// The present time as HTTP writes it (RFC 9110, section 5.6.7), made anew only when the second has changed.
///
/// It is made when it is asked for: a service that nobody calls has no clock to set.
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

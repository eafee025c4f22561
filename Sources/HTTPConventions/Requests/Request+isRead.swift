import HTTPTypes
package import Hummingbird

extension Request {
    /// Whether the request is safe: it changes nothing.
    package var isRead: Bool { method == .get || method == .head }
}

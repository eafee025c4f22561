import HTTPTypes
import Hummingbird

extension Request {
    /// It asks for something, and changes nothing.
    var isRead: Bool { method == .get || method == .head }
}

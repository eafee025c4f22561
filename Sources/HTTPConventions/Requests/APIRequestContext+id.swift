import EventSourcing
package import FoundationEssentials
import Hummingbird

extension APIRequestContext {
    /// The id that the path names.
    ///
    /// - Throws: a ``Problem`` when it is no UUID.
    package func id() throws(Problem) -> UUID {
        guard let id = pathID else { throw .invalidParameters([.pathIDIsNoUUID]) }
        return id
    }

    fileprivate var pathID: UUID? { parameters.get("id").flatMap(UUID.init(text:)) }
}

extension QueryParameters {
    /// The id that the path names; when it is no UUID that is remembered, and the answer means nothing.
    package mutating func id(in context: APIRequestContext) -> UUID {
        if let id = context.pathID { return id }
        note(.pathIDIsNoUUID)
        return UUID()
    }
}

extension ProblemError {
    fileprivate static let pathIDIsNoUUID = ProblemError(
        .parameter("id"), .notAUUID, "Send a UUID such as 0190a1b2-0000-7000-8000-000000000001.")
}

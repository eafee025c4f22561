import EventSourcing
package import FoundationEssentials
import Hummingbird

extension APIRequestContext {
    /// The id that the path names.
    ///
    /// - Throws: a ``Problem`` when it is no UUID.
    package func id() throws(Problem) -> UUID { try ids("id")[0] }

    /// The ids that the path names, one for each of these parameters.
    ///
    /// - Throws: a ``Problem`` that names all of them that are no UUIDs.
    package func ids(_ names: String...) throws(Problem) -> [UUID] {
        let wrong = names.filter { pathID($0) == nil }
        guard wrong.isEmpty else { throw .invalidParameters(wrong.map(ProblemError.pathIDIsNoUUID)) }
        return names.compactMap(pathID)
    }

    fileprivate func pathID(_ name: String) -> UUID? { parameters.get(name).flatMap(UUID.init(text:)) }
}

extension QueryParameters {
    /// The id that the path names; when it is no UUID that is remembered, and the answer means nothing.
    package mutating func id(in context: APIRequestContext) -> UUID {
        if let id = context.pathID("id") { return id }
        note(.pathIDIsNoUUID("id"))
        return UUID()
    }
}

extension ProblemError {
    fileprivate static func pathIDIsNoUUID(_ name: String) -> ProblemError {
        ProblemError(.parameter(name), .notAUUID, "Send a UUID such as 0190a1b2-0000-7000-8000-000000000001.")
    }
}

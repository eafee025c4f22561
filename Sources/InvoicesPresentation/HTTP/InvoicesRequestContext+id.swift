import FoundationEssentials
import Hummingbird

extension InvoicesRequestContext {
    /// The id that the path names.
    ///
    /// - Throws: a ``Problem`` when it is no UUID.
    func id() throws(Problem) -> UUID {
        guard let id = parameters.get("id").flatMap(UUID.init(uuidString:)) else {
            throw .invalidParameters([
                ProblemError(
                    .parameter("id"), .notAUUID, "Send a UUID such as 0190a1b2-0000-7000-8000-000000000001.")
            ])
        }
        return id
    }
}

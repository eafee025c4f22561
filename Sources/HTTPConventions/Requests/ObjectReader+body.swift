package import EventSourcing

extension ObjectReader {
    /// Reads the object that a body is.
    ///
    /// - Parameter read: takes the members out of it; nil when one of them is wrong.
    /// - Returns: what it says, and what it means; see ``EventSourcing/ObjectReader/meaning``.
    /// - Throws: a ``Problem`` with everything that is wrong with the body.
    package static func read<Value>(
        _ json: JSON, _ read: (inout ObjectReader) -> Value?
    ) throws(Problem) -> (value: Value, meaning: JSON) {
        do { return try readFields(of: json, read) } catch {
            throw .validationFailed(error.errors.map { ProblemError($0) })
        }
    }
}

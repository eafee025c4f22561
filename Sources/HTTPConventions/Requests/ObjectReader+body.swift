package import EventSourcing

extension ObjectReader {
    /// Reads the object that a body is.
    ///
    /// - Parameters:
    ///   - collectsMeaning: whether the meaning is wanted: only a write with an `Idempotency-Key` is compared by it.
    ///   - read: takes the members out of it; nil when one of them is wrong.
    /// - Returns: what it says, and what it means, see ``/EventSourcing/ObjectReader/meaning``; an empty object where that is
    ///   not wanted.
    /// - Throws: a ``Problem`` with everything that is wrong with the body.
    package static func read<Value>(
        _ json: JSON, collectingMeaning collectsMeaning: Bool = false, _ read: (inout ObjectReader) -> Value?
    ) throws(Problem) -> (value: Value, meaning: JSON) {
        do { return try readFields(of: json, collectingMeaning: collectsMeaning, read) } catch {
            throw .validationFailed(error.errors.map { ProblemError($0) })
        }
    }
}

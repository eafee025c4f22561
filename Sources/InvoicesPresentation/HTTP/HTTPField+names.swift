import HTTPTypes

extension HTTPField.Name {
    /// The request's name, the caller's or one that was made up.
    static let requestID = Self("X-Request-ID")!
    /// What a read has to have seen; see ``ConsistencyToken``.
    static let consistencyToken = Self("Consistency-Token")!
}

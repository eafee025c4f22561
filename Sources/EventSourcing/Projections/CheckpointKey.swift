/// The key of what a processor, such as a projection or an event handler, keeps for one aggregate:
/// `tenant:pipeline:processor:aggregateType:aggregateId`.
///
/// For those who implement ``ProjectionTarget`` on a store of keys and values. How far a processor has come in the log is
/// kept for each partition, not for each aggregate: the order within an aggregate follows from that.
public struct CheckpointKey: Hashable, Sendable, CustomStringConvertible {
    /// The name of the pipeline.
    public let pipeline: String
    /// The name of the projection or of the event handler.
    public let processor: String
    /// Of the aggregate: tenant, type and id.
    public let stream: StreamName

    /// - Throws: ``InvalidName`` unless both names are 1 to 128 ASCII letters, digits, dots, hyphens or underscores.
    public init(pipeline: String, processor: String, stream: StreamName) throws(InvalidName) {
        self.pipeline = try pipeline.identifier(as: "pipeline name")
        self.processor = try processor.identifier(as: "processor name")
        self.stream = stream
    }

    /// Reads a key from its text.
    public init(_ text: String) throws(InvalidName) {
        let parts = text.split(separator: ":", maxSplits: 4, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5 else {
            throw InvalidName(
                kind: "checkpoint key", value: text, rule: "use tenant:pipeline:processor:aggregateType:aggregateId")
        }
        try self.init(
            pipeline: parts[1], processor: parts[2],
            stream: StreamName(category: StreamCategory(parts[3]), tenant: TenantID(parts[0]), entityID: parts[4]))
    }

    /// The text of the key.
    public var description: String {
        "\(stream.tenant):\(pipeline):\(processor):\(stream.category):\(stream.entityID)"
    }
}

import Crypto

extension CommandKey {
    /// The key of a command on an aggregate: its id, and a hash of its name and its payload.
    ///
    /// - Throws: ``InvalidName`` when the id breaks the rule of ``CommandKey``; what encoding the command throws.
    public init<C: AggregateCommand>(id: String, of command: C) throws {
        var hash = SHA256()
        hash.update(data: Array("\(C.name)\n".utf8))
        hash.update(data: try EventPayload(encoding: command).bytes)
        try self.init(id: id, requestHash: Array(hash.finalize()))
    }
}

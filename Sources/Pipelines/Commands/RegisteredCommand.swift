public import EventSourcing

/// A command of a ``CommandRegistry``, whatever its type.
public struct RegisteredCommand: Sendable {
    /// The name of the command.
    public let name: String
    /// The command's fields as a JSON Schema, see ``/EventSourcing/CommandSchema/jsonSchema``.
    public let jsonSchema: String
    /// The store that handles it, and knows what it came to.
    let events: any EventStore
    let isOfType: @Sendable (Any.Type) -> Bool
    private let decoding: @Sendable (EventPayload) throws(InvalidFields) -> any Sendable
    private let encoding: @Sendable (any Sendable) throws -> EventPayload
    private let keying: @Sendable (String, any Sendable) throws -> CommandKey
    private let naming: @Sendable (any Sendable, TenantID) throws -> StreamName
    private let handling: @Sendable (any Sendable, MessageContext) async throws -> CommandResult

    init<C: AggregateCommand>(
        _ type: C.Type, handledBy store: AggregateStore<C.Aggregate>, in category: StreamCategory
    ) {
        name = C.name
        jsonSchema = C.schema.jsonSchema
        events = store.store
        isOfType = { $0 == type }
        decoding = { payload throws(InvalidFields) in try C.schema.decode(payload) }
        encoding = { try EventPayload(encoding: Self.cast($0, to: type)) }
        keying = { try CommandKey(id: $0, of: Self.cast($1, to: type)) }
        naming = { command, tenant in
            try StreamName(category: category, tenant: tenant, entityID: Self.cast(command, to: type).entityID)
        }
        let bus = CommandBus<Aggregates<C.Aggregate>> { Aggregates(store: store, category: category, context: $0) }
        handling = { command, context in try await bus.send(Self.cast(command, to: type), in: context) }
    }

    /// Decodes a command and sends it to its aggregate, in this process and at once.
    ///
    /// - Throws: as ``/EventSourcing/CommandSending/send(_:in:)``.
    public func handle(_ payload: EventPayload, in context: MessageContext) async throws -> CommandResult {
        try await handle(decode(payload), in: context)
    }

    /// - Throws: ``/EventSourcing/InvalidFields`` with everything that is wrong.
    func decode(_ payload: EventPayload) throws(InvalidFields) -> any Sendable { try decoding(payload) }

    /// - Parameter command: of the type that is registered, as everywhere below.
    func encode(_ command: any Sendable) throws -> EventPayload { try encoding(command) }

    /// The key that makes sendings under one id one command.
    func key(id: String, of command: any Sendable) throws -> CommandKey { try keying(id, command) }

    func handle(_ command: any Sendable, in context: MessageContext) async throws -> CommandResult {
        try await handling(command, context)
    }

    /// What the command came to in the past; nil when it was not handled yet.
    ///
    /// - Throws: ``/EventSourcing/CommandRefused`` when it was refused; ``/EventSourcing/CommandIDReused``.
    func result(
        of command: any Sendable, by key: CommandKey, in tenant: TenantID, isRepetition: Bool
    ) async throws -> CommandResult? {
        guard let handled = try await events.handledCommand(key.id, in: tenant) else { return nil }
        return try CommandResult(
            handled.outcome(for: key), of: name, id: key.id, on: naming(command, tenant), isRepetition: isRepetition)
    }

    private static func cast<C>(_ command: any Sendable, to type: C.Type) -> C {
        guard let command = command as? C else { preconditionFailure("a command of another type than \(type)") }
        return command
    }
}

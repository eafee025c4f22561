/// Which events of the log a reader wants: those that meet all of its conditions.
public struct LogFilter: Hashable, Sendable {
    /// Of this tenant only.
    public var tenant: TenantID?
    /// Of streams in any of these categories.
    public var categories: Set<StreamCategory>?
    /// Of any of these types, or with any of the prefixes.
    public var types: Set<EventType>?
    /// With any of these beginnings of their types' names, or of any of the types.
    public var typePrefixes: Set<EventTypePrefix>?
    /// Of each type that ``following(_:)`` has added, or has added others for: the name that its event has now.
    package var presentNames: [EventType: EventType] = [:]

    /// - Parameters: Nil stands for no condition; an empty set lets nothing pass.
    public init(
        tenant: TenantID? = nil, categories: Set<StreamCategory>? = nil, types: Set<EventType>? = nil,
        typePrefixes: Set<EventTypePrefix>? = nil
    ) {
        self.tenant = tenant
        self.categories = categories
        self.types = types
        self.typePrefixes = typePrefixes
    }

    /// Every event.
    public static let all = LogFilter()

    /// Whether the event passes.
    public func matches(_ event: RecordedEvent) -> Bool { matches(event.type, in: event.stream) }

    /// Whether an event of this type in this stream passes.
    func matches(_ type: EventType, in stream: StreamName) -> Bool {
        if let tenant, stream.tenant != tenant { return false }
        if let categories, !categories.contains(where: { stream.category == $0.rawValue }) { return false }
        guard types != nil || typePrefixes != nil else { return true }
        return types?.contains { type.rawValue == $0.rawValue } == true
            || typePrefixes?.contains { type.rawValue.hasPrefix($0.rawValue) } == true
    }
}

/// The beginning of an event type's name, such as `invoices.` or `invoices.invoice.paid.`.
public struct EventTypePrefix: Hashable, Sendable, CustomStringConvertible {
    /// What the type has to begin with.
    public let rawValue: String

    /// - Throws: ``InvalidName`` when no event type can begin like this.
    public init(_ text: String) throws(InvalidName) {
        let isPrefix = text.isName(upTo: 256) {
            $0.isLowercaseLetter || $0.isDigit || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
        }
        guard isPrefix else {
            throw InvalidName(
                kind: "event type prefix", value: text,
                rule: "use 1 to 256 lower-case letters, digits, underscores and dots")
        }
        rawValue = text
    }

    /// What the type has to begin with.
    public var description: String { rawValue }
}

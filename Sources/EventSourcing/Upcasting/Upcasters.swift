/// The upcasters of one kind of event, checked when they are registered and composed to chains: v1 → v2 → v3.
///
/// ```swift
/// static let upcasters = Upcasters(to: Name.self) {
///     [
///         Upcaster(from: try EventType("crm.customer.named.v1"), to: try EventType("crm.customer.named.v2")) {
///             (old: NamedV1) in Named(first: old.name, last: "")
///         }
///     ]
/// }
/// ```
///
/// Stored names that have an upcaster are retired: they no longer stand in ``DomainEvent/Name``. So an event of a
/// present type is decoded without a look at the upcasters.
public struct Upcasters: Sendable {
    /// The steps from a stored type, by its name, to the present one.
    private let chains: [String: [Upcaster]]

    /// No upcasters: every stored type is a present one.
    public static let none = Upcasters(chains: [:])

    private init(chains: [String: [Upcaster]]) { self.chains = chains }

    /// The stored types that the upcasters read, and that are appended no longer.
    package var retiredTypes: Set<EventType> { Set(chains.values.compactMap { $0.first?.step.from }) }

    /// Checks and composes the upcasters.
    ///
    /// - Parameter names: the present names, in which every chain has to end.
    /// - Throws: ``InvalidUpcasters``.
    public init<Name: RawRepresentable<String>>(
        _ upcasters: [Upcaster], to names: Name.Type
    ) throws(InvalidUpcasters) {
        var bySource: [EventType: Upcaster] = [:]
        for upcaster in upcasters {
            let step = upcaster.step
            guard bySource.updateValue(upcaster, forKey: step.from) == nil else {
                throw InvalidUpcasters(step: step, reason: .repeatedSource)
            }
            guard Name(rawValue: step.from.rawValue) == nil else {
                throw InvalidUpcasters(step: step, reason: .presentSource)
            }
            guard step.from.aggregate == step.to.aggregate else {
                throw InvalidUpcasters(step: step, reason: .otherAggregate)
            }
        }
        var chains: [String: [Upcaster]] = [:]
        for upcaster in upcasters {
            var chain = [upcaster]
            while let next = bySource[chain.last!.step.to] {
                guard chain.count < upcasters.count else {
                    throw InvalidUpcasters(step: upcaster.step, reason: .cycle)
                }
                chain.append(next)
            }
            let last = chain.last!.step
            guard Name(rawValue: last.to.rawValue) != nil else {
                throw InvalidUpcasters(step: last, reason: .unknownTarget)
            }
            chains[upcaster.step.from.rawValue] = chain
        }
        self.init(chains: chains)
    }

    /// Upcasters that stand in the program's text, to be kept in a `static let`.
    ///
    /// - Precondition: the names and the set are valid; a set that is not stops the program with what is wrong.
    public init<Name: RawRepresentable<String>>(to names: Name.Type, _ upcasters: () throws -> [Upcaster]) {
        do {
            try self.init(upcasters(), to: names)
        } catch {
            preconditionFailure("\(error)")
        }
    }

    /// The names that an event has had or has, by one of them: its present name, and all that upcasters lead from to that.
    var namesByType: [EventType: (present: EventType, all: Set<EventType>)] {
        let steps = chains.values.compactMap { chain in
            chain.last.map { (present: $0.step.to, retired: chain[0].step.from) }
        }
        var names: [EventType: (present: EventType, all: Set<EventType>)] = [:]
        for (present, steps) in Dictionary(grouping: steps, by: \.present) {
            let all = Set(steps.map(\.retired)).union([present])
            for type in all { names[type] = (present, all) }
        }
        return names
    }

    /// The steps from a retired type to the present one; nil when no upcaster starts there.
    func chain(from type: EventType) -> [Upcaster]? { chains[type.rawValue] }
}

/// Upcasters that contradict each other, or lead nowhere.
public struct InvalidUpcasters: Error, Hashable, Sendable, CustomStringConvertible {
    /// Why the set cannot be used.
    public enum Reason: Hashable, Sendable {
        /// Another upcaster starts from the same type: keep one of them.
        case repeatedSource
        /// The type it starts from is a present name: take it out of the names.
        case presentSource
        /// It leads to the events of another aggregate.
        case otherAggregate
        /// Following the upcasters leads back to where they started.
        case cycle
        /// What it leads to is neither a present name nor the start of another upcaster.
        case unknownTarget
    }

    /// The step that does not fit.
    public let step: Upcaster.Step
    /// What is wrong with it.
    public let reason: Reason

    /// Names the step, and says what to change.
    public var description: String {
        let fault =
            switch reason {
            case .repeatedSource: "another upcaster starts from the same type; keep one of them"
            case .presentSource: "the type it starts from is still among the present names; take it out of them"
            case .otherAggregate: "context and aggregate must be the same on both sides"
            case .cycle: "following the upcasters leads round in a circle"
            case .unknownTarget: "what it leads to is neither a present name nor the start of another upcaster"
            }
        return "the upcaster \(step) is not valid: \(fault)"
    }
}

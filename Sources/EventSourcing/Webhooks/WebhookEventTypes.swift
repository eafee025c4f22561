/// Which types of events an endpoint receives: names, beginnings of names with `.*` behind them, or `*` for all.
public struct WebhookEventTypes: Hashable, Sendable {
    /// Sorted, each once. At least one.
    public let patterns: [String]
    private let names: Set<EventType>
    private let prefixes: Set<EventTypePrefix>

    /// The most patterns of an endpoint.
    public static let mostPatterns = 50

    /// Events of every type.
    public static let all = WebhookEventTypes(stored: ["*"])

    /// - Throws: ``InvalidName`` for a pattern that is none, no pattern at all, or more than ``mostPatterns``.
    public init(_ patterns: [String]) throws(InvalidName) {
        let patterns = Set(patterns).sorted()
        guard (1...Self.mostPatterns).contains(patterns.count) else {
            throw InvalidName(
                kind: "list of event types", value: patterns.joined(separator: " "),
                rule: "use 1 to \(Self.mostPatterns) types, or * for all")
        }
        var (names, prefixes) = (Set<EventType>(), Set<EventTypePrefix>())
        for pattern in patterns where pattern != "*" {
            if pattern.hasSuffix(".*") {
                let words = pattern.dropLast(2).split(separator: ".", omittingEmptySubsequences: false)
                guard words.count < 4, words.allSatisfy({ String($0).isLowercaseWord }) else {
                    throw InvalidName(
                        kind: "event type pattern", value: pattern,
                        rule: "use an event type, the first parts of one with .* behind them, or * for all")
                }
                prefixes.insert(try EventTypePrefix(String(pattern.dropLast())))
            } else {
                names.insert(try EventType(pattern))
            }
        }
        self.patterns = patterns
        self.names = names
        self.prefixes = prefixes
    }

    /// Patterns as a store holds them: checked when they were written.
    package init(stored patterns: [String]) {
        self.patterns = patterns
        prefixes = Set(
            patterns.filter { $0.hasSuffix(".*") }.compactMap { try? EventTypePrefix(String($0.dropLast())) })
        names = Set(patterns.compactMap { try? EventType($0) })
    }

    /// The events of a tenant that have one of the types.
    public func filter(of tenant: TenantID) -> LogFilter {
        guard !patterns.contains("*") else { return LogFilter(tenant: tenant) }
        return LogFilter(
            tenant: tenant, types: names.isEmpty ? nil : names, typePrefixes: prefixes.isEmpty ? nil : prefixes)
    }

    /// Whether an event of this type is received.
    public func matches(_ type: String) -> Bool {
        patterns.contains { pattern in
            pattern == type || pattern.hasSuffix("*") && type.hasPrefix(pattern.dropLast())
        }
    }
}

extension LogFilter {
    /// The filter by all names that its events have had and have: one that names the new name of an event also finds those
    /// that were stored under the old one, and the other way round.
    ///
    /// A subscription that is registered with it keeps its place when the names in its filter change with the event.
    ///
    /// - Parameter upcasters: those of the events that are filtered; more than one kind takes a call for each.
    public func following(_ upcasters: Upcasters) -> LogFilter {
        guard types != nil || typePrefixes != nil else { return self }
        var filter = self
        for (type, names) in upcasters.namesByType where namesType(type) {
            filter.types = (filter.types ?? []).union(names.all)
            for name in names.all { filter.presentNames[name] = names.present }
        }
        return filter
    }

    /// Whether this is the filter that the earlier one has become by renaming events.
    func isRenamed(from earlier: LogFilter) -> Bool {
        guard tenant == earlier.tenant, categories == earlier.categories, typePrefixes == earlier.typePrefixes,
            let types, (earlier.types ?? []).isSubset(of: types)
        else { return false }
        // Each event was in it before, under one name or another.
        let before = Set(types.filter(earlier.namesType).map(presentName))
        return types.allSatisfy { before.contains(presentName(of: $0)) }
    }

    /// The name that an event of this type has now.
    package func presentName(of type: EventType) -> EventType { presentNames[type] ?? type }

    /// Whether the condition on types names this one, or a beginning of it.
    private func namesType(_ type: EventType) -> Bool {
        types?.contains(type) == true || typePrefixes?.contains { type.rawValue.hasPrefix($0.rawValue) } == true
    }
}

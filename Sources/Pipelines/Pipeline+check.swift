import EventSourcing

extension Pipeline {
    /// Looks for everything that could not work.
    ///
    /// - Throws: ``InvalidPipeline`` with a sentence for each mistake: two commands, projections or handlers of one name; a
    ///   name that breaks the naming scheme; a projection that folds events that are never appended, or does not know events
    ///   that are; a filter that can pass no event.
    public func check() throws(InvalidPipeline) {
        let faults = nameFaults() + projectionFaults() + consumerFaults()
        guard faults.isEmpty else { throw InvalidPipeline(pipeline: name, faults: faults) }
    }

    private func nameFaults() -> [String] {
        let own = EventNames(Event.self)
        var faults = own.invalid.map { "\($0)" }
        if (try? SubscriptionID(name)) == nil {
            faults.append("use 1 to 128 ASCII letters, digits, hyphens, underscores or dots for its name")
        }
        faults += commands.map { $0.name }.repeated.map { "two commands are called \"\($0)\": rename one of them" }
        faults += projections.map(\.name).repeated.map { "two projections are called \"\($0)\": rename one of them" }
        return faults
    }

    private func projectionFaults() -> [String] {
        let own = EventNames(Event.self)
        return projections.flatMap { projection -> [String] in
            if let fault = fault(of: projection.filter) { return ["the projection \"\(projection.name)\": \(fault)"] }
            guard let events = projection.events else { return [] }
            let folded = EventNames(events)
            let stray = folded.present.subtracting(own.all).map {
                "the projection \"\(projection.name)\" folds \($0), which no aggregate of the pipeline has: remove it"
            }
            let missing = own.present.subtracting(folded.all).map {
                "the projection \"\(projection.name)\" does not know \($0), and would park its streams: fold it"
            }
            return (stray + missing).sorted()
        }
    }

    private func consumerFaults() -> [String] {
        var faults: [String] = []
        var ids: [String] = []
        for consumer in consumers {
            do {
                let names = try consumer.subscriptions().map(\.id.description)
                ids += names
                let name = names.joined(separator: ", ")
                faults += consumer.filters.compactMap(fault).map { "the handler or sink \"\(name)\": \($0)" }
            } catch {
                faults.append("\(error)")
            }
        }
        return faults + ids.repeated.map { "two handlers or sinks are called \"\($0)\": rename one of them" }
    }

    /// Why a filter can pass no event of this pipeline, or of those that it follows; nil when it can.
    private func fault(of filter: LogFilter) -> String? {
        if let categories = filter.categories, categories.isDisjoint(with: [category] + followed.map(\.category)) {
            let known = ([category] + followed.map(\.category)).map(\.rawValue).joined(separator: ", ")
            return "its filter can pass no event: the categories of the pipeline are \(known)"
        }
        let isEmpty =
            (filter.types ?? filter.typePrefixes.map { _ in [] })?.isEmpty == true
            && filter.typePrefixes?.isEmpty != false
        if isEmpty { return "its filter can pass no event: name at least one type" }
        let known = followed.reduce(EventNames(Event.self).all) { $0.union(EventNames($1.events).all) }
        return filter.fault(against: known)
    }
}

/// The types of a kind of event.
private struct EventNames {
    /// Those that are appended.
    var present: Set<EventType> = []
    /// Those and the retired ones, which upcasters read.
    var all: Set<EventType> = []
    var invalid: [InvalidName] = []

    init(_ events: any DomainEvent.Type) { collect(events) }

    private mutating func collect<Event: DomainEvent>(_ events: Event.Type) {
        for name in Event.Name.allCases {
            do throws(InvalidName) { present.insert(try EventType(name.rawValue)) } catch { invalid.append(error) }
        }
        all = present.union(Event.upcasters.retiredTypes)
    }
}

extension [String] {
    /// Those that are there more than once.
    fileprivate var repeated: [String] {
        Dictionary(grouping: self, by: \.self).filter { $0.value.count > 1 }.keys.sorted()
    }
}

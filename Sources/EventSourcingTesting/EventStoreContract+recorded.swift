import EventSourcing
import FoundationEssentials
import Testing

extension EventStoreContract {
    static let recorded: [Clause] = [
        Clause(promise: "an append answers with what it recorded, as every reader finds it") { fixture in
            let (a, b) = (try fixture.stream("a"), try fixture.stream("b"))
            _ = try await fixture.store.append(fixture.events(2), to: b, expecting: .noStream)
            let outcome = try await fixture.store.append(
                Append([
                    StreamAppend([try fixture.event(in: "A"), try fixture.event()], to: a, expecting: .noStream),
                    StreamAppend(asserting: try fixture.stream("c"), is: .noStream),
                    StreamAppend([try fixture.event(in: "A")], to: b, expecting: .exactly(Revision(1))),
                ]))
            #expect(outcome.events.map(\.revision.rawValue) == [0, 1, 2])
            #expect(outcome.events.map(\.number) == [1, nil, 2])
            #expect(outcome.events.last?.position == outcome.position)
            #expect(try await fixture.log(after: Position(outcome.position.rawValue - 3)) == outcome.events)
            #expect(try await fixture.store.read(a, from: nil, .forwards, limit: 9) == Array(outcome.events[..<2]))
        },
        Clause(promise: "of appends at once, each is answered with its own events") { fixture in
            let before = try await fixture.store.head()
            let taken = try fixture.stream("taken")
            _ = try await fixture.store.append([fixture.event()], to: taken, expecting: .noStream)
            let answered = try await withThrowingTaskGroup(of: [RecordedEvent].self) { group in
                for writer in 0..<50 {
                    group.addTask {
                        let events = [try fixture.event(in: "A"), try fixture.event()]
                        guard writer % 5 > 0 else {
                            // Refused, in the middle of a batch.
                            await #expect(throws: WrongExpectedRevision.self) {
                                try await fixture.store.append(events, to: taken, expecting: .noStream)
                            }
                            return []
                        }
                        let part = StreamAppend(events, to: try fixture.stream("\(writer)"), expecting: .noStream)
                        let outcome = try await fixture.store.append(
                            Append([part], by: writer % 2 == 0 ? fixture.command("c\(writer)") : nil))
                        #expect(outcome.events.map(\.id) == events.map(\.id))
                        return outcome.events
                    }
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            let log = try await fixture.log(after: before).filter { $0.stream != taken }
            #expect(answered.sorted { $0.position < $1.position } == log)
            #expect(log.count == 80)
        },
        Clause(promise: "what was appended before records nothing") { fixture in
            let stream = try fixture.stream()
            let append = Append([StreamAppend(try fixture.events(2), to: stream, expecting: .noStream)])
            #expect(try await fixture.store.append(append).events.count == 2)
            #expect(try await fixture.store.append(append).events == [])
            let command = Append(
                [StreamAppend(try fixture.events(1), to: stream, expecting: .any)], by: try fixture.command("once"))
            #expect(try await fixture.store.append(command).events.count == 1)
            #expect(try await fixture.store.append(command).events == [])
        },
        Clause(promise: "the recorded events hold the domain events that were appended, with their numbers") {
            fixture in
            let event = Ticket.sold(number: nil)
            let metadata = EventMetadata(
                correlationID: "c", causationID: "c", source: "contract", occurredAt: Date(timeIntervalSince1970: 1e9))
            let new = try NewEvent(event, id: .v7(), metadata: metadata)
            let outcome = try await fixture.store.append(
                Append([StreamAppend([new, try fixture.event()], to: try fixture.stream(), expecting: .noStream)]))
            let recorded = try #require(outcome.events.first)
            #expect(recorded.domainEvent as? Ticket == .sold(number: 1))
            #expect(try Recorded<Ticket>(decoding: recorded)?.event == .sold(number: 1))
            let read = try #require(try await fixture.log(after: Position(recorded.position.rawValue - 1)).first)
            #expect(read.domainEvent == nil)
            #expect(try Recorded<Ticket>(decoding: read)?.event == .sold(number: 1))
        },
    ]
}

/// An event that knows its number once it is recorded.
private enum Ticket: DomainEvent, Equatable {
    case sold(number: Int64?)

    enum Name: String, CaseIterable {
        case sold = "contract.ticket.sold.v1"
    }

    var name: Name { .sold }
    var sequence: SequenceName? { try? SequenceName("contract.tickets") }

    init(_ name: Name, from payload: EventPayload) { self = .sold(number: nil) }

    func encode() -> EventPayload { EventPayload(bytes: Array("{}".utf8)) }

    func numbered(_ number: Int64) -> Ticket { .sold(number: number) }
}

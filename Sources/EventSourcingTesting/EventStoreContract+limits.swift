import EventSourcing
import Testing

extension EventStoreContract {
    static let limits: [Clause] = [
        Clause(promise: "an append in which a stream stands twice is rejected") { fixture in
            let stream = try fixture.stream()
            let part = StreamAppend(try fixture.events(1), to: stream, expecting: .any)
            await #expect(throws: AppendRejected(stream: stream, reason: .repeatedStream)) {
                try await fixture.store.append(Append([part, StreamAppend(asserting: stream, is: .any)]))
            }
        },
        Clause(promise: "an event that looks like a redacted one is rejected") { fixture in
            let stream = try fixture.stream()
            let event = try fixture.event(#"{"redacted": true}"#)
            await #expect(throws: AppendRejected(stream: stream, event: event.id, reason: .reservedData)) {
                try await fixture.store.append([event], to: stream, expecting: .any)
            }
        },
        Clause(promise: "an append without events is rejected") { fixture in
            let stream = try fixture.stream()
            await #expect(throws: AppendRejected(stream: stream, reason: .noEvents)) {
                try await fixture.store.append([], to: stream, expecting: .any)
            }
        },
        Clause(promise: "an append in which an event id stands twice is rejected") { fixture in
            let stream = try fixture.stream()
            let event = try fixture.event()
            await #expect(throws: AppendRejected(stream: stream, event: event.id, reason: .repeatedEventID)) {
                try await fixture.store.append([event, event], to: stream, expecting: .any)
            }
        },
        Clause(promise: "an event of more than 1 MiB is rejected, and nothing of its append is written") { fixture in
            let stream = try fixture.stream()
            let limit = AppendLimits().eventSize
            let large = try fixture.event(String(repeating: "x", count: limit))
            await #expect(
                throws: AppendRejected(
                    stream: stream, event: large.id, reason: .eventTooLarge(size: large.size, limit: limit))
            ) {
                try await fixture.store.append([fixture.event(), large], to: stream, expecting: .any)
            }
            #expect(try await fixture.store.read(stream, from: nil, .forwards, limit: 10).isEmpty)
        },
        Clause(promise: "an append of more than 1,000 events is rejected, one of 1,000 is stored") { fixture in
            let stream = try fixture.stream()
            let limit = AppendLimits().events
            let events = try fixture.events(limit + 1)
            await #expect(
                throws: AppendRejected(stream: stream, reason: .tooManyEvents(count: limit + 1, limit: limit))
            ) {
                try await fixture.store.append(events, to: stream, expecting: .any)
            }
            let commit = try await fixture.store.append(Array(events.dropLast()), to: stream, expecting: .noStream)
            #expect(commit.revision == Revision(Int64(limit - 1)))
        },
    ]

    static let tenancy: [Clause] = [
        Clause(promise: "an append that reaches over two tenants is rejected") { fixture in
            let (ours, theirs) = (try fixture.stream(), try fixture.stream(of: fixture.otherTenant))
            let append = Append([
                StreamAppend(try fixture.events(1), to: ours, expecting: .any),
                StreamAppend(asserting: theirs, is: .noStream),
            ])
            await #expect(throws: AppendRejected(stream: theirs, reason: .severalTenants)) {
                try await fixture.store.append(append)
            }
            #expect(try await fixture.store.read(ours, from: nil, .forwards, limit: 1).isEmpty)
        },
        Clause(promise: "streams of the same entity in two tenants know nothing of each other") { fixture in
            let (ours, theirs) = (try fixture.stream(), try fixture.stream(of: fixture.otherTenant))
            let event = try fixture.event(#"{"tenant":"ours"}"#)
            _ = try await fixture.store.append([event], to: ours, expecting: .noStream)
            #expect(try await fixture.store.read(theirs, from: nil, .forwards, limit: 10).isEmpty)
            let commit = try await fixture.store.append([event], to: theirs, expecting: .noStream)
            #expect(commit.revision == .first)
            #expect(!commit.isRepetition)
        },
    ]
}

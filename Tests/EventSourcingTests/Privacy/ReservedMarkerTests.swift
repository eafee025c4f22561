import EventSourcing
import FoundationEssentials
import Testing

/// Data from outside must not pass for personal data, in whatever disguise.
@Suite(.timeLimit(.minutes(5))) struct ReservedMarkerTests {
    private struct Outer: Codable {
        let inner: Personal<String>
    }

    private let sealing: Sealing

    init() throws { sealing = try Sealing() }

    @Test(arguments: [
        (#"{"a":{"$sealed":{"subject":"x","key":"k","data":"d"}}}"#, "$sealed"),
        (#"{"$sealed":1}"#, "$sealed"), (#"{"$sealed":1,"b":2}"#, "$sealed"),
        (#"{"$personal":{"subject":"x","value":1}}"#, "$personal"),
        (#"{"$personal":{"subject":"x","value":1,"witness":"guessed"}}"#, "$personal"),
        (#"[[{"$forgotten":{"subject":"x"}}]]"#, "$forgotten"),
        (#"{"\u0024personal":{"subject":"x","value":1}}"#, "$personal"),
        (#"{"$se\u0061led":{"subject":"x","key":"k","data":"d"}}"#, "$sealed"),
        (#"{ "$forgotten" : null }"#, "$forgotten"),
    ])
    func `a marker that Personal has not written is refused`(_ text: String, _ name: String) async throws {
        let error = try await #require(throws: ReservedMarker.self) { try await append(EventPayload(text)) }
        #expect(error.name == name)
        #expect(error.reason == .notPersonal)
        #expect(try await sealing.base.head() == .start)
    }

    @Test func `what Personal has written is refused with a neighbour beside it`() async throws {
        let marker = try EventPayload(encoding: Personal.known("secret", sealing.alice)).text
        let payload = EventPayload(marker.dropLast() + #","more":1}"#)
        await #expect { try await append(payload) } throws: { ($0 as? ReservedMarker)?.reason == .notPersonal }
    }

    @Test func `personal data within personal data is refused`() async throws {
        let payload = try EventPayload(
            encoding: Personal.known(Outer(inner: .known("secret", sealing.bob)), sealing.alice))
        await #expect { try await append(payload) } throws: { ($0 as? ReservedMarker)?.reason == .nested }
    }

    @Test func `a reserved name in bytes that are no JSON is refused`() async throws {
        await #expect { try await append(EventPayload(#"{"$sealed": {"#)) } throws: {
            ($0 as? ReservedMarker)?.reason == .notJSON
        }
    }

    @Test func `the error names the event and what to do`() async throws {
        let event = try sealing.event(EventPayload(#"{"$sealed":1}"#))
        let stream = try sealing.stream()
        let error = try await #require(throws: ReservedMarker.self) {
            try await sealing.store.append([event], to: stream, expecting: .any)
        }
        #expect(error.place == SealBinding(event: event.id, of: stream))
        #expect(error.description.hasPrefix("event \(event.id) of stream \(stream): $sealed: "))
    }

    private func append(_ payload: EventPayload) async throws {
        _ = try await sealing.store.append([sealing.event(payload)], to: sealing.stream(), expecting: .any)
    }
}

extension EventPayload {
    fileprivate init(_ text: Substring) { self.init(String(text)) }
}

import EventSourcing
import FoundationEssentials
import Testing

@Suite struct EventJobTests {
    private func event(
        _ data: [UInt8] = Array(#"{"b": 1.50, "a":"é"}"#.utf8), metadata: [UInt8] = Array("{}".utf8),
        number: Int64? = nil
    ) throws -> RecordedEvent {
        RecordedEvent(
            position: Position(42), stream: try StreamName("tests.thing.v1-core-a:1"), revision: Revision(3),
            id: try #require(UUID(uuidString: "0190F5A0-0000-7000-8000-000000000001")),
            type: try EventType("tests.thing.happened.v2"), data: EventPayload(bytes: data),
            metadata: EventPayload(bytes: metadata), recordedAt: Date(timeIntervalSince1970: 1_750_000_000.25),
            number: number)
    }

    @Test func `the job of an event is named after it, and has its bytes as they were stored`() throws {
        let event = try event(metadata: Array(#"{"correlationId":"c"}"#.utf8), number: 7)
        var options = JobOptions()
        options.attempts = 5
        let job = Job(for: event, options: options)
        #expect(job.id == "0190f5a0-0000-7000-8000-000000000001" && job.name == "tests.thing.happened.v2")
        #expect(job.options == options)
        #expect(
            String(decoding: job.data.bytes, as: UTF8.self) == #"""
                {"eventId":"0190f5a0-0000-7000-8000-000000000001","type":"tests.thing.happened.v2",\#
                "payload":{"b": 1.50, "a":"é"},"metadata":{"correlationId":"c"},"tenant":"core",\#
                "stream":"tests.thing.v1-core-a:1","revision":3,"position":42,\#
                "recordedAt":"2025-06-15T15:06:40.250Z","number":7}
                """#)
    }

    @Test(arguments: [
        Array(#"{"x":1}"#.utf8), Array("{".utf8), [], [0xFF, 0x00], Array("[]".utf8), EventPayload.redacted.bytes,
    ])
    func `a worker has the same event again, whatever its bytes`(_ bytes: [UInt8]) throws {
        for number in [nil, 5] as [Int64?] {
            let original = try event(bytes, metadata: bytes, number: number)
            let job = Job(for: original)
            let again = try RecordedEvent(in: job)
            #expect(again == original)
            #expect(try job.data.decode(EventReference.self) == EventReference(original))
        }
    }

    @Test(arguments: [
        (#"[]"#, "expected an object"), (#"{}"#, "\"eventId\" is missing"),
        (#"{"eventId":"x"}"#, "\"eventId\" is not a UUID"),
    ])
    func `data that is no event's is refused with a reason`(_ data: String, _ reason: String) {
        let job = Job(id: "1", name: "n", data: EventPayload(bytes: Array(data.utf8)))
        let error = #expect(throws: MalformedJSON.self) { try RecordedEvent(in: job) }
        #expect(error?.description.contains(reason) == true)
    }
}

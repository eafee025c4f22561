import EventSourcing
import EventSourcingTesting
import Foundation
import Synchronization
import Testing

@Suite struct ScenarioTests {
    /// Sums what each counter counted; a sum above 100 is refused.
    private struct Sums: RowProjection {
        struct TooMuch: Error {}

        func key(for event: Recorded<CounterEvent>) -> String? { String(event.record.stream.entityID) }

        func evolve(_ row: inout Int?, with event: Recorded<CounterEvent>) throws {
            switch event.event {
            case .counted(let counted):
                let sum = (row ?? 0) + counted.by
                guard sum <= 100 else { throw TooMuch() }
                row = sum == 0 ? nil : sum
            }
        }
    }

    private let a: StreamName
    private let b: StreamName

    init() throws { (a, b) = (try StreamName("tests.counter.v1-core-a"), try StreamName("tests.counter.v1-core-b")) }

    private func counted(_ by: Int) -> CounterEvent { .counted(Counted(by: by)) }

    @Test func `rows follow from the events of several streams`() {
        given(Sums(), [counted(1), counted(2)], in: a).when([counted(5)], in: b).then(["a": 3, "b": 5])
        given(Sums(), [counted(1)], in: a).when([counted(-1)], in: a).thenNothing()
        given(Sums(), in: a).thenNothing()
    }

    @Test func `an event that can never be applied is parked, and what follows it is not applied`() {
        let projected = given(Sums(), [counted(60)], in: a).when([counted(60), counted(1)], in: a)
        projected.thenParked()
        #expect(projected.rows == ["a": 60])
    }

    @Test func `a row that differs, and a refusal that was not expected, are found`() {
        withKnownIssue { given(Sums(), [counted(1)], in: a).then(["a": 2]) }
        withKnownIssue { given(Sums(), [counted(101)], in: a).then([:]) }
        withKnownIssue { given(Sums(), [counted(1)], in: a).thenParked() }
    }

    // MARK: Frozen examples

    /// A folder with these files and no other.
    private func folder(_ files: [String: String]) throws -> URL {
        let folder = URL.temporaryDirectory.appending(path: "fixtures-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in files {
            try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        return folder
    }

    private func found(_ files: [String: String]) throws -> [String] {
        let folder = try folder(files)
        defer { try? FileManager.default.removeItem(at: folder) }
        let found = Mutex<[String]>([])
        try withKnownIssue {
            try expectDecodable(CounterEvent.self, in: folder)
        } matching: { issue in
            found.withLock { $0.append(issue.comments.map(\.rawValue).joined()) }
            return true
        }
        return found.withLock { $0.sorted() }
    }

    @Test func `an example that is missing, unknown or unreadable is found`() throws {
        #expect(
            try found(["tests.counter.added.v1.json": "{}"]) == [
                "nothing reads tests.counter.added.v1.json: a stored name is kept, or gets an upcaster",
                "tests.counter.counted.v1.json is missing: freeze an example of this event",
            ])
        #expect(
            try found(["tests.counter.counted.v1.json": #"{"count":1}"#])
                == ["tests.counter.counted.v1.json does not decode"])
    }
}

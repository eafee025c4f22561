import EventSourcing
import FoundationEssentials
import InMemoryTracing
import Logging
import Testing
import Tracing

private struct Echo: Command {
    static let name = "tests.echo.say"
    let text: String
    func execute(in reach: TenantID) async throws -> String { "\(reach): \(text)" }
}

/// Answers whether it is asked again; something happens while it is asked for the first time.
private struct AskedAgain: Query {
    static let name = "tests.echo.asked_again"
    let firstTime = Counting(from: 1)
    let meanwhile: @Sendable () -> Void
    func answer(from reach: TenantID) async throws -> Bool {
        guard firstTime.countDown() else { return true }
        meanwhile()
        return false
    }
}

private struct LoggedMetadata: Query {
    static let name = "tests.echo.metadata"
    func answer(from reach: TenantID) async throws -> [String: String] {
        var metadata: [String: String] = [:]
        for key in ["message.name", "correlation.id", "tenant"] {
            metadata[key] = Logger.current[metadataKey: key]?.description
        }
        return metadata
    }
}

@Suite(.timeLimit(.minutes(5))) struct BusTests {
    let context: MessageContext

    init() throws {
        context = MessageContext(
            tenant: try TenantID("core"), correlationID: "c-1", source: "tests", now: .init(timeIntervalSince1970: 0))
    }

    @Test func `a command is executed in what its context may reach`() async throws {
        let bus = CommandBus<TenantID> { $0.tenant }
        #expect(try await bus.send(Echo(text: "hello"), in: context) == "core: hello")
    }

    @Test func `every log line of a message carries its name and correlation`() async throws {
        let bus = QueryBus<TenantID>(progress: PositionSignal()) { $0.tenant }
        let metadata = try await bus.ask(LoggedMetadata(), in: context)
        #expect(
            metadata == ["message.name": "tests.echo.metadata", "correlation.id": "c-1", "tenant": "core"])
    }

    @Test func `a message is a span of its own where there is a tracer`() async throws {
        let (tracer, context) = (InMemoryTracer(), context)
        try await withTracer(tracer) {
            _ = try await CommandBus<TenantID> { $0.tenant }.send(Echo(text: "hello"), in: context)
            _ = try await QueryBus<TenantID>(progress: PositionSignal()) { $0.tenant }.ask(
                LoggedMetadata(), in: context)
        }
        #expect(
            tracer.finishedSpans.map(\.operationName) == ["command tests.echo.say", "query tests.echo.metadata"])
    }

    @Test func `a question waits for the position that its asker has seen`() async throws {
        let progress = PositionSignal(at: Position(1))
        let bus = QueryBus<TenantID>(progress: progress, timeout: .seconds(50)) { $0.tenant }
        async let answer = bus.ask(LoggedMetadata(), in: context, atLeast: Position(2))
        progress.advance(to: Position(2))
        #expect(try await answer["tenant"] == "core")
    }

    @Test func `a read model that stays behind is an error that says how far it is`() async throws {
        let bus = QueryBus<TenantID>(progress: PositionSignal(at: Position(1)), timeout: .milliseconds(1)) {
            $0.tenant
        }
        await #expect(throws: ReadModelBehind(wanted: Position(2), reached: Position(1))) {
            try await bus.ask(LoggedMetadata(), in: context, atLeast: Position(2))
        }
    }

    @Test func `a question is asked again when its read model may have lost meanwhile what the asker has seen`()
        async throws
    {
        let progress = PositionSignal(at: Position(2))
        let bus = QueryBus<TenantID>(progress: progress, timeout: .seconds(50)) { $0.tenant }
        let question = AskedAgain {
            progress.invalidate()
            progress.advance(to: Position(2))
        }
        #expect(try await bus.ask(question, in: context, atLeast: Position(2)))
    }

    @Test func `a question that wants no position is asked once`() async throws {
        let progress = PositionSignal(at: Position(2))
        let bus = QueryBus<TenantID>(progress: progress) { $0.tenant }
        #expect(try await bus.ask(AskedAgain { progress.invalidate() }, in: context) == false)
    }
}

import EventSourcing
import Pipelines
import ServiceLifecycle
import Testing

@Suite(.timeLimit(.minutes(1))) struct PipelineStoppingTests {
    /// What the commands here may touch: two signals of the test.
    private struct Door {
        let entered = PositionSignal()
        let opened = PositionSignal()
    }

    private struct Enter: Command {
        static let name = "shop.door.enter"

        func execute(in door: Door) async throws {
            door.entered.advance(to: Position(1))
            _ = try await door.opened.wait(until: Position(1), atMost: .seconds(60))
        }
    }

    private struct Knock: Command {
        static let name = "shop.door.knock"

        func execute(in door: Door) async throws {}
    }

    @Test func `the command in hand ends before the pipeline does, and none comes after it`() async throws {
        let (door, ended) = (Door(), PositionSignal())
        let shop = try await Pipeline("doors", of: Product.self, category: .products) { _, _ in door }
            .command(Enter.self).command(Knock.self)
            .service(on: .inMemory(), logger: TestRuntime.logger)
        let context = try MessageContext.of()
        let group = ServiceGroup(services: [shop], logger: TestRuntime.logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                try await group.run()
                #expect(ended.position == Position(1))
            }
            tasks.addTask {
                try await shop.commands.execute(Enter(), in: context)
                ended.advance(to: Position(1))
            }
            #expect(try await door.entered.wait(until: Position(1), atMost: .seconds(30)))
            await group.triggerGracefulShutdown()
            let error = try await firstError { try await shop.commands.execute(Knock(), in: context) }
            #expect(error is PipelineStopping)
            #expect(
                "\(error)" == """
                    the pipeline "doors" is shutting down and takes no more commands: send it again to another process
                    """)
            door.opened.advance(to: Position(1))
            try await tasks.waitForAll()
        }
    }

    /// What `body` throws at last.
    private func firstError(_ body: () async throws -> Void) async throws -> any Error {
        while true {
            do { try await body() } catch { return error }
            try await Task.sleep(for: .milliseconds(1))
        }
    }
}

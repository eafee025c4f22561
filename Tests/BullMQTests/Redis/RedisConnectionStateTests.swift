import NIOCore
import NIOPosix
import Testing

@testable import BullMQ

@Suite struct RedisConnectionStateTests {
    private let unavailable = RedisError(.unavailable, "no")

    @Test func `the first request connects and the next ones wait for the same connection`() {
        var state = RedisConnectionState<String>()
        let (first, second, third) = (request(), request(), request())
        #expect(isConnect(state.submit(first)))
        #expect(isWait(state.submit(second)))
        #expect(
            state.connected("a")?.requests.map(ObjectIdentifier.init) == [first, second].map(ObjectIdentifier.init))
        guard case .send("a", id: 1) = state.submit(third) else { return fail("not sent") }
        first.fail(unavailable)
        second.fail(unavailable)
        third.fail(unavailable)
    }

    @Test func `after a failure it pauses while a request waits, longer each time`() {
        var state = RedisConnectionState<String>()
        let request = request()
        _ = state.submit(request)
        for failures in 1...3 {
            guard case .retry(let pause) = state.failed(unavailable, pause: { .seconds($0) }) else {
                return fail("does not try again")
            }
            #expect(pause == .seconds(failures))
            #expect(state.failure == unavailable)
            let connects = state.pauseEnded()
            #expect(connects)
        }
        #expect(state.connected("a") != nil)
        #expect(state.failure == nil)
        request.fail(unavailable)
    }

    @Test func `a refused sign-in fails those that wait at once`() {
        var state = RedisConnectionState<String>()
        let request = request()
        _ = state.submit(request)
        guard case .rest(let failed) = state.failed(RedisError(.accessDenied, "no"), pause: { _ in .zero }) else {
            return fail("tries again")
        }
        #expect(failed.count == 1)
        #expect(isConnect(state.submit(request)))
        request.fail(unavailable)
    }

    @Test func `a request that nobody awaits is not sent, and makes no further attempt`() {
        var state = RedisConnectionState<String>()
        let (gone, other) = (request(), request())
        _ = state.submit(gone)
        _ = state.submit(other)
        gone.cancel()
        #expect(state.connected("a")?.requests.count == 1)
        state.lost(1)
        _ = state.submit(gone)
        guard case .rest = state.failed(unavailable, pause: { _ in .zero }) else {
            return fail("tries again")
        }
        other.fail(unavailable)
    }

    @Test func `the loss of an older connection is no loss`() {
        var state = RedisConnectionState<String>()
        let request = request()
        _ = state.submit(request)
        _ = state.connected("a")
        state.lost(1)
        #expect(isConnect(state.submit(request)))
        _ = state.connected("b")
        state.lost(1)
        guard case .send("b", id: 2) = state.submit(request) else { return fail("not sent") }
        request.fail(unavailable)
    }

    @Test func `a closed client refuses requests, and a connection that comes too late`() {
        var state = RedisConnectionState<String>()
        let request = request()
        _ = state.submit(request)
        #expect(state.close().1.count == 1)
        #expect(state.connected("a") == nil)
        guard case .refuse(let error) = state.submit(request) else { return fail("not refused") }
        #expect(error.code == .closed)
        request.fail(unavailable)
    }

    @Test func `pauses double up to a bound, and up to half is taken off`() {
        var configuration = RedisConfiguration(url: RedisURL(.unix(path: "/s")))
        configuration.reconnectPause = .milliseconds(100)
        configuration.longestReconnectPause = .seconds(1)
        #expect(configuration.pause(afterFailures: 1, random: 0) == .milliseconds(100))
        #expect(configuration.pause(afterFailures: 3, random: 0) == .milliseconds(400))
        #expect(configuration.pause(afterFailures: 3, random: 1) == .milliseconds(200))
        #expect(configuration.pause(afterFailures: 60, random: 0) == .seconds(1))
    }

    private func request() -> RedisRequest {
        RedisRequest([RedisCommand("PING")], timeout: .seconds(60), on: MultiThreadedEventLoopGroup.singleton.next())
    }

    private func isConnect(_ submission: RedisConnectionState<String>.Submission) -> Bool {
        if case .connect = submission { true } else { false }
    }

    private func isWait(_ submission: RedisConnectionState<String>.Submission) -> Bool {
        if case .wait = submission { true } else { false }
    }

    private func fail(_ comment: String) { Issue.record("\(comment)") }
}

import NIOCore
import Testing

@testable import HTTPConventions

/// What is under way on a connection, at times of the test's own.
@Suite struct ConnectionStateTests {
    private static let start = NIODeadline.uptimeNanoseconds(0)

    private static func at(_ seconds: Int64) -> NIODeadline { start + .seconds(seconds) }

    private var state = ConnectionState(limits: ConnectionLimits(), now: start)

    /// A whole request without a body, at a time.
    private mutating func receive(_ request: ConnectionState.PendingRequest = .init(), at seconds: Int64) {
        #expect(state.receive(ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n")) == .use)
        #expect(state.receive(request) == .use)
        #expect(state.receiveEnd(now: Self.at(seconds)) == .use)
        state.completeRead(now: Self.at(seconds))
    }

    @Test mutating func `only the client's own part of a request has a time`() {
        #expect(state.deadline == Self.at(60))
        #expect(state.receive(ByteBuffer(string: "GET / HTTP/1.1\r\n")) == .use)
        state.completeRead(now: Self.at(1))
        #expect(state.phase == .headers)
        #expect(state.deadline == Self.at(11))
        receive(at: 5)
        #expect(state.phase == .answering)
        #expect(state.deadline == nil)
        #expect(state.expire(at: Self.at(1000), unsent: 0) == .none)
        #expect(state.beginAnswer() == false)
        #expect(state.endAnswer(now: Self.at(1000)) == false)
        #expect(state.phase == .idle)
        #expect(state.deadline == Self.at(1060))
        #expect(state.expire(at: Self.at(1060), unsent: 0) == .close)
    }

    @Test mutating func `an answer that is still being read keeps its connection, and one that is not does not`() {
        receive(at: 0)
        #expect(state.beginAnswer() == false)
        state.setWritable(false, unsent: 1000, now: Self.at(0))
        #expect(state.endAnswer(now: Self.at(1)) == false)
        #expect(state.expire(at: Self.at(30), unsent: 900) == .none)
        #expect(state.deadline == Self.at(60))
        state.setWritable(true, unsent: 300, now: Self.at(50))
        #expect(state.expire(at: Self.at(61), unsent: 200) == .none)
        #expect(state.deadline == Self.at(91))
        #expect(state.expire(at: Self.at(91), unsent: 200) == .close)
    }

    @Test mutating func `a client that reads nothing is cut off`() {
        receive(at: 0)
        state.setWritable(false, unsent: 1000, now: Self.at(0))
        #expect(state.expire(at: Self.at(29), unsent: 1000) == .none)
        #expect(state.expire(at: Self.at(30), unsent: 1000) == .close)
    }

    @Test mutating func `a shutdown has a bound, whatever is under way`() {
        receive(at: 0)
        #expect(state.shutDown(unsent: 0, now: Self.at(1)) == .wait)
        #expect(state.deadline == Self.at(11))
        #expect(state.current?.isLast == true)
        #expect(state.receive(ConnectionState.PendingRequest()) == .discard)
        #expect(state.expire(at: Self.at(11), unsent: 0) == .close)
    }

    @Test mutating func `a body has half of the time that a shutdown has`() {
        #expect(state.receive(ConnectionState.PendingRequest(bodySize: 2)) == .use)
        state.completeRead(now: Self.at(0))
        #expect(state.phase == .body)
        #expect(state.shutDown(unsent: 0, now: Self.at(1)) == .wait)
        #expect(state.deadline == Self.at(6))
        #expect(state.expire(at: Self.at(6), unsent: 0) == .failBody)
        #expect(state.beginAnswer() == true)
    }

    @Test mutating func `an idle connection is closed at once, unless its answer is still being sent`() {
        receive(at: 0)
        _ = state.beginAnswer()
        _ = state.endAnswer(now: Self.at(0))
        var other = state
        #expect(state.shutDown(unsent: 0, now: Self.at(1)) == .close)
        #expect(other.shutDown(unsent: 1, now: Self.at(1)) == .finish)
    }

    @Test mutating func `what follows the last request is no error`() {
        receive(ConnectionState.PendingRequest(isLast: true), at: 0)
        #expect(state.receive(ConnectionState.PendingRequest()) == .discard)
        #expect(state.receive(bodyPart: 1) == .discard)
        #expect(state.receiveEnd(now: Self.at(0)) == .discard)
        #expect(state.fail(now: Self.at(0)) == .ignore)
        #expect(state.beginAnswer() == true)
        #expect(state.endAnswer(now: Self.at(1)) == true)
        #expect(state.phase == .finishing)
        #expect(state.receive(ByteBuffer(string: "x")) == .discard)
        state.linger(now: Self.at(2))
        #expect(state.deadline == Self.at(7))
        for second in Int64(3)..<32 {
            #expect(state.expire(at: Self.at(second), unsent: 0) == .none)
            state.completeRead(now: Self.at(second))
        }
        #expect(state.expire(at: Self.at(32), unsent: 0) == .close)
    }

    @Test mutating func `the rest of a body is discarded up to the bound`() {
        var limits = ConnectionLimits()
        limits.drainSize = 100
        state = ConnectionState(limits: limits, now: Self.start)
        #expect(state.receive(ConnectionState.PendingRequest(bodySize: 90)) == .use)
        #expect(state.beginAnswer() == false)
        #expect(state.endAnswer(now: Self.at(0)) == false)
        #expect(state.phase == .draining)
        #expect(state.receive(bodyPart: 100) == .discard)
        #expect(state.receive(bodyPart: 1) == .close)
    }

    @Test(arguments: [101, Int.max]) mutating func `a body beyond the bound ends the connection`(size: Int) {
        var limits = ConnectionLimits()
        limits.drainSize = 100
        state = ConnectionState(limits: limits, now: Self.start)
        #expect(state.receive(ConnectionState.PendingRequest(bodySize: size)) == .use)
        #expect(state.beginAnswer() == true)
    }
}

import NIOCore

/// What is under way on a connection, and how long it may take.
///
/// ``ConnectionHandler`` reports what happens and does what is returned. Requests can be pipelined: several may be
/// pending, and only the last one can be incomplete.
struct ConnectionState {
    enum Phase: Hashable {
        /// No byte of a request has arrived.
        case idle
        /// A part of a request's headers has arrived.
        case headers
        /// A part of the body has arrived of the only request that is pending, and its answer has not begun.
        case body
        /// The service is at work.
        case answering
        /// A request was answered before its body had arrived. The rest is discarded, then the next request is read.
        case draining
        /// A request was refused here; the server is about to write the answer.
        case refused
        /// The last answer is being sent.
        case finishing
        /// The last answer is sent, and this side is closed. What still arrives is discarded.
        case lingering
    }

    /// A request that is not answered yet.
    struct PendingRequest {
        /// The connection ends after its answer.
        fileprivate(set) var isLast: Bool
        /// HTTP/1.0.
        let isOld: Bool
        /// The client sends the body once it is asked for it (RFC 9110, section 10.1.1).
        fileprivate(set) var waitsForContinue: Bool
        /// In bytes; nil when it is not known or there is none.
        let bodySize: Int?
        fileprivate var isComplete = false
        fileprivate var hasBody = false

        init(isLast: Bool = false, isOld: Bool = false, waitsForContinue: Bool = false, bodySize: Int? = nil) {
            self.isLast = isLast
            self.isOld = isOld
            self.waitsForContinue = waitsForContinue
            self.bodySize = bodySize
        }
    }

    enum Part: Hashable {
        case use
        case discard
        /// Discard it, and close the connection.
        case close
    }

    enum Failure: Hashable {
        /// It comes after the last request.
        case ignore
        /// It is in the body of a request whose handler sees it.
        case report
        /// It is answered in place of a request.
        case answer
        /// It is in a body that is being discarded.
        case close
    }

    enum Expiry: Hashable {
        case none
        case refuse
        case failBody
        case close
    }

    enum Shutdown: Hashable {
        case close
        /// Close this side, and linger.
        case finish
        /// The last answer ends the connection.
        case wait
    }

    private(set) var phase = Phase.idle
    private let limits: ConnectionLimits
    private var pending = CircularBuffer<PendingRequest>(initialCapacity: 2)
    /// Whether the head of a request has arrived, and not its end.
    private var isReceiving = false
    /// How many bytes have arrived since the end of the last request.
    private var sizeOfNext = 0
    /// Whether the first line of a request has ended among them, before it was too large.
    private(set) var hasLineOfNext = false
    /// False after the last request.
    private var acceptsRequests = true
    private var isRefusing = false
    /// The head of an answer is written, and not its end.
    private(set) var answerHasBegun = false
    private var discarded = 0
    private var drainEnd = NIODeadline.distantFuture

    private var phaseDeadline: NIODeadline?
    private var stallDeadline: NIODeadline?
    private var shutdownDeadline: NIODeadline?
    /// How many bytes were not sent when the client was last seen to read.
    private var unsent = 0

    init(limits: ConnectionLimits, now: NIODeadline) {
        self.limits = limits
        phaseDeadline = now + limits.idle
    }

    /// When to call ``expire(at:unsent:)`` at the latest.
    var deadline: NIODeadline? {
        Self.earlier(Self.earlier(phaseDeadline, stallDeadline), shutdownDeadline)
    }

    private static func earlier(_ first: NIODeadline?, _ second: NIODeadline?) -> NIODeadline? {
        guard let first, let second else { return first ?? second }
        return min(first, second)
    }

    /// The request that is being answered; nil when the answer refuses what was no request.
    var current: PendingRequest? { pending.first }

    /// Whether nothing is read from the connection but by ``ConnectionHandler``.
    var isDiscarding: Bool { phase == .draining || phase == .lingering }
}

// MARK: - What arrives

extension ConnectionState {
    /// Bytes have arrived that are not parsed yet.
    mutating func receive(_ bytes: ByteBuffer) -> Part {
        guard phase == .finishing || phase == .lingering else {
            if !hasLineOfNext {
                let allowed = bytes.readableBytesView.prefix(max(0, RequestLimits.headersSize - sizeOfNext))
                hasLineOfNext = allowed.contains(UInt8(ascii: "\n"))
            }
            sizeOfNext += bytes.readableBytes
            return .use
        }
        discarded += bytes.readableBytes
        return discarded > limits.drainSize ? .close : .discard
    }

    /// All bytes that had arrived are parsed.
    mutating func completeRead(now: @autoclosure () -> NIODeadline) {
        if isDiscarding {
            phaseDeadline = min(drainEnd, now() + limits.drainSilence)
        } else {
            settle(now: now())
        }
    }

    mutating func receive(_ request: PendingRequest) -> Part {
        guard acceptsRequests else { return .discard }
        pending.append(request)
        acceptsRequests = !request.isLast
        isReceiving = true
        return .use
    }

    mutating func receive(bodyPart count: Int) -> Part {
        guard isReceiving else { return .discard }
        guard phase == .draining else {
            pending[pending.index(before: pending.endIndex)].hasBody = true
            return .use
        }
        discarded += count
        return discarded > limits.drainSize ? .close : .discard
    }

    mutating func receiveEnd(now: @autoclosure () -> NIODeadline) -> Part {
        guard isReceiving else { return .discard }
        isReceiving = false
        sizeOfNext = 0
        hasLineOfNext = false
        if phase == .draining {
            phase = .answering
            settle(now: now())
        } else {
            pending[pending.index(before: pending.endIndex)].isComplete = true
        }
        return .use
    }

    /// What arrives cannot be parsed, or is refused before it becomes a request. Nothing that follows is parsed.
    mutating func fail(now: NIODeadline) -> Failure {
        let wasReceiving = isReceiving
        guard acceptsRequests || wasReceiving, phase != .finishing, phase != .lingering else { return .ignore }
        acceptsRequests = false
        isReceiving = false
        if phase == .draining { return .close }
        if wasReceiving {
            endAfterLastRequest()
            return .report
        }
        isRefusing = true
        if pending.isEmpty { expectRefusal(now: now) }
        return .answer
    }

    /// Ends the connection after the answer to the last request that has arrived.
    private mutating func endAfterLastRequest() {
        guard !pending.isEmpty else { return }
        pending[pending.index(before: pending.endIndex)].isLast = true
        acceptsRequests = false
    }

    private mutating func expectRefusal(now: NIODeadline) {
        phase = .refused
        phaseDeadline = now + limits.answer
    }

    private mutating func settle(now: @autoclosure () -> NIODeadline) {
        guard phase == .idle || phase == .headers || phase == .body || phase == .answering else { return }
        let next: Phase =
            if pending.isEmpty {
                sizeOfNext > 0 ? .headers : .idle
            } else {
                isReceiving && pending.count == 1 && !answerHasBegun ? .body : .answering
            }
        guard next != phase else { return }
        phase = next
        switch next {
        case .idle: phaseDeadline = now() + limits.idle
        case .headers: phaseDeadline = now() + limits.headers
        case .body: phaseDeadline = now() + limits.body
        default: phaseDeadline = nil
        }
    }
}

// MARK: - What is sent

extension ConnectionState {
    /// The service wants the body of the request that it is answering.
    ///
    /// - Returns: whether the client is to be asked for it by 100.
    mutating func askForBody() -> Bool {
        guard isReceiving, !answerHasBegun, pending.count == 1, let request = pending.first,
            request.waitsForContinue, !request.hasBody
        else { return false }
        pending[pending.startIndex].waitsForContinue = false
        return true
    }

    /// The answer's head is written.
    ///
    /// - Parameter isLast: whether the service itself ends the connection with this answer.
    /// - Returns: whether the answer is the last one on the connection.
    mutating func beginAnswer(isLast: Bool = false) -> Bool {
        guard let request = pending.first else { return true }
        answerHasBegun = true
        // A client that waits for 100 sends no body after any other answer, and one that is too large is not read to
        // its end.
        let isUnread =
            isReceiving && pending.count == 1
            && (request.waitsForContinue && !request.hasBody || request.bodySize ?? 0 > limits.drainSize)
        if isLast || isUnread {
            pending[pending.startIndex].isLast = true
            acceptsRequests = false
        }
        if phase == .body { settle(now: .now()) }
        return pending[pending.startIndex].isLast
    }

    /// The answer is written to its end.
    ///
    /// - Returns: whether it was the last one.
    mutating func endAnswer(now: NIODeadline) -> Bool {
        answerHasBegun = false
        guard pending.popFirst()?.isLast == false else {
            acceptsRequests = false
            phase = .finishing
            phaseDeadline = now + limits.answer
            return true
        }
        if pending.isEmpty, isReceiving {
            drain(now: now)
            phase = .draining
        } else if pending.isEmpty, isRefusing {
            expectRefusal(now: now)
        } else {
            settle(now: now)
        }
        return false
    }

    /// The last answer is sent, and this side closed.
    mutating func linger(now: NIODeadline) {
        phase = .lingering
        drain(now: now)
    }

    private mutating func drain(now: NIODeadline) {
        drainEnd = now + limits.drain
        phaseDeadline = min(drainEnd, now + limits.drainSilence)
    }

    /// The client reads less than is written; or it reads again.
    mutating func setWritable(_ isWritable: Bool, unsent: Int, now: NIODeadline) {
        stallDeadline = isWritable ? nil : now + limits.answer
        self.unsent = unsent
    }
}

// MARK: - Ends

extension ConnectionState {
    /// The service is to stop.
    ///
    /// - Parameter unsent: how many bytes are written and not sent.
    mutating func shutDown(unsent: Int, now: NIODeadline) -> Shutdown {
        acceptsRequests = false
        shutdownDeadline = now + limits.shutdown
        switch phase {
        case .idle, .headers: return unsent == 0 ? .close : .finish
        case .draining: return .finish
        case .body, .answering:
            if !isRefusing { endAfterLastRequest() }
            // Half of the time, so that a client that does not go on is told.
            if phase == .body, let end = phaseDeadline { phaseDeadline = min(end, now + limits.shutdown / 2) }
            return .wait
        case .refused, .finishing, .lingering: return .wait
        }
    }

    /// The end of the last answer was written earlier, or will not be written.
    mutating func finish(now: NIODeadline) {
        acceptsRequests = false
        isReceiving = false
        phase = .finishing
        phaseDeadline = now + limits.answer
    }

    /// A deadline may have passed.
    ///
    /// - Parameter unsent: how many bytes are written and not sent.
    mutating func expire(at now: NIODeadline, unsent: Int) -> Expiry {
        if let shutdownDeadline, shutdownDeadline <= now { return .close }
        if let stallDeadline, stallDeadline <= now {
            guard isRead(unsent) else { return .close }
            self.stallDeadline = now + limits.answer
        }
        guard let phaseDeadline, phaseDeadline <= now else { return .none }
        switch phase {
        case .idle, .finishing:
            // The answer is larger than what the client has read of it so far.
            guard unsent > 0, isRead(unsent) else { return .close }
            self.phaseDeadline = now + limits.answer
            return .none
        case .headers: return .refuse
        case .body:
            endAfterLastRequest()
            isReceiving = false
            phase = .answering
            self.phaseDeadline = nil
            return .failBody
        case .answering: return .none
        case .draining, .refused, .lingering: return .close
        }
    }

    /// Whether the client has read something since this was last asked.
    private mutating func isRead(_ unsent: Int) -> Bool {
        defer { self.unsent = unsent }
        return self.unsent == 0 || unsent < self.unsent
    }
}

extension NIODeadline {
    fileprivate static func + (deadline: NIODeadline, duration: Duration) -> NIODeadline {
        deadline + TimeAmount(duration)
    }
}

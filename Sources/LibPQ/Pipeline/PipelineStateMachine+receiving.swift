import DequeModule

/// What each reply means.
extension PipelineStateMachine {
    /// Takes the next reply, and appends what it decides.
    mutating func receive(_ reply: PipelineReply<Rows>, into outcomes: inout [Outcome]) -> PipelineVerdict {
        // The deadline of a request that was answered would wake the poller for nothing.
        defer { if slots.isEmpty, held.isEmpty { nextDeadline = .never } }
        switch reply {
        case .lost: return .close(PostgresError(.connectionLost, "the server closed the connection"))
        case .failure(let failure) where failure.endsConnection:
            return .close(PostgresError(.connectionLost, failure.message))
        case .copy where !isInCopy: return receive(.unsupported, into: &outcomes)
        default: break
        }
        guard let head = slots.first else { return reply.isEnd ? .goOn : .close(Self.unexpected) }
        switch head {
        case .query(let request, let generation):
            return receive(reply, for: request, generation: generation, into: &outcomes)
        case .abandoned(let key, let generation):
            if case .failure(let failure) = reply, failure.meansStaleStatement {
                statements.forget(key, generation: generation)
            }
            return pop(reply)
        case .prepare(let key, let generation): return receive(reply, forPreparing: key, generation: generation)
        case .part(let key, let generation):
            return receive(reply, forPart: key, generation: generation)
        case .housekeeping: return pop(reply)
        case .sync(let request): return receive(reply, forSyncOf: request, into: &outcomes)
        case .script(let request, let result):
            return receive(reply, forScriptOf: request, scriptResult: result, into: &outcomes)
        case .copy(let start, let end, let result):
            return receive(reply, forCopyFrom: start, to: end, copyResult: result, into: &outcomes)
        }
    }

    private mutating func receive(
        _ reply: PipelineReply<Rows>, forCopyFrom start: Request?, to end: Request?,
        copyResult: Result<Rows, PostgresError>?, into outcomes: inout [Outcome]
    ) -> PipelineVerdict {
        switch reply {
        case .copy(let rows):
            if let start { outcomes.append(.succeeded(start, rows)) }
            slots[0] = .copy(start: nil, end: end, result: nil)
        case .rows(let rows), .began(let rows):
            slots[0] = .copy(start: start, end: end, result: copyResult ?? .success(rows))
        case .failure(let failure):
            _ = losesSession(failure)
            slots[0] = .copy(start: start, end: end, result: .failure(PostgresError(failure)))
        case .end:
            slots.removeFirst()
            var result = copyResult ?? .failure(Self.unexpected)
            if start != nil, case .success = result { result = .failure(Self.noCopy) }
            for request in [start, end].compactMap({ $0 }) {
                outcomes.append(Self.outcome(of: Held(request: request, result: result)))
            }
        case .aborted, .sync, .lost, .unsupported: return .close(Self.unexpected)
        }
        return .goOn
    }

    private mutating func receive(
        _ reply: PipelineReply<Rows>, for request: Request, generation: Int, into outcomes: inout [Outcome]
    ) -> PipelineVerdict {
        switch reply {
        case .began where isShared: return refuse(request, Self.transactionLeftOpen, into: &outcomes)
        case .unsupported: return refuse(request, Self.unsupported, into: &outcomes)
        case .rows(let rows), .began(let rows): settle(request, .success(rows), into: &outcomes)
        case .failure(let failure):
            let error = PostgresError(failure)
            groupFailure = groupFailure ?? error
            if failure.meansStaleStatement {
                statements.forget(request.key, generation: generation)
                if restart(request, into: &outcomes, if: \.survivesStaleStatement) { break }
            }
            // It was refused, so that it may be made elsewhere.
            if losesSession(failure), restart(request, into: &outcomes, if: { $0 == .write }) { break }
            settle(request, .failure(error), into: &outcomes)
        case .aborted:
            if let unprepared, unprepared.key == request.key {
                settle(request, .failure(unprepared.error), into: &outcomes)
            } else if request.policy == .read {
                var request = request
                request.attempts.countAbort()
                outcomes.append(.resend(request))
            } else {
                settle(request, .failure(groupFailure ?? Self.unexpected), into: &outcomes)
            }
        case .end: return .goOn
        case .sync, .lost, .copy: return .close(Self.unexpected)
        }
        slots.removeFirst()
        return .goOn
    }

    /// Fails the request at the head, which has made the connection unusable for the others.
    private mutating func refuse(
        _ request: Request, _ error: PostgresError, into outcomes: inout [Outcome]
    ) -> PipelineVerdict {
        slots.removeFirst()
        outcomes.append(.failed(request, error))
        return .close(PostgresError(.connectionLost, "another statement has made the connection unusable"))
    }

    private mutating func receive(
        _ reply: PipelineReply<Rows>, forPreparing key: StatementKey, generation: Int
    ) -> PipelineVerdict {
        switch reply {
        case .failure(let failure):
            let error = PostgresError(failure)
            noteFailure(error)
            unprepared = (key, error)
            statements.forget(key, generation: generation)
        case .aborted: statements.forget(key, generation: generation)
        default: break
        }
        return pop(reply)
    }

    private mutating func receive(
        _ reply: PipelineReply<Rows>, forSyncOf atomic: Request?, into outcomes: inout [Outcome]
    ) -> PipelineVerdict {
        switch reply {
        case .sync:
            slots.removeFirst()
            groupsInFlight -= 1
            if let atomic { conclude(atomic, into: &outcomes) }
            parts.removeAll()
            isRepeatable = false
            for entry in held { outcomes.append(Self.outcome(of: entry)) }
            held.removeAll(keepingCapacity: true)
            groupFailure = nil
            unprepared = nil
            return .goOn
        case .failure(let failure):
            // The commit itself failed (a deferred constraint). The Sync is still to come.
            groupFailure = groupFailure ?? PostgresError(failure)
            for index in held.indices {
                if case .success = held[index].result { held[index].result = .failure(PostgresError(failure)) }
            }
            return .goOn
        case .end: return .goOn
        default: return .close(Self.unexpected)
        }
    }

    private mutating func receive(
        _ reply: PipelineReply<Rows>, forScriptOf request: Request?, scriptResult: Result<Rows, PostgresError>?,
        into outcomes: inout [Outcome]
    ) -> PipelineVerdict {
        var result = scriptResult
        switch reply {
        case .rows(let rows), .began(let rows):
            if case .failure = result { break }
            result = .success(rows)
        case .failure(let failure):
            _ = losesSession(failure)
            if case .failure = result { break }
            result = .failure(PostgresError(failure))
        case .end:
            slots.removeFirst()
            if let request {
                outcomes.append(
                    Self.outcome(of: Held(request: request, result: result ?? .failure(Self.unexpected))))
            }
            return .goOn
        case .unsupported:
            slots.removeFirst()
            if let request { outcomes.append(.failed(request, Self.unsupported)) }
            return .close(Self.unsupported)
        case .aborted, .sync, .lost, .copy: return .close(Self.unexpected)
        }
        slots[0] = .script(request, result: result)
        return .goOn
    }

    /// Drops the result of a slot whose request was cancelled.
    private mutating func pop(_ reply: PipelineReply<Rows>) -> PipelineVerdict {
        switch reply {
        case .rows, .began, .aborted: break
        case .failure(let failure): groupFailure = groupFailure ?? PostgresError(failure)
        case .end: return .goOn
        case .sync, .lost, .unsupported, .copy: return .close(Self.unexpected)
        }
        slots.removeFirst()
        return .goOn
    }

    /// Answers a read at once, and holds everything else until its Sync: a completed command is not yet a commit.
    private mutating func settle(
        _ request: Request, _ result: Result<Rows, PostgresError>, into outcomes: inout [Outcome]
    ) {
        let entry = Held(request: request, result: result)
        if request.policy == .read {
            outcomes.append(Self.outcome(of: entry))
        } else {
            held.append(entry)
        }
    }

    static func outcome(of entry: Held) -> Outcome {
        switch entry.result {
        case .success(let rows): .succeeded(entry.request, rows)
        case .failure(let error): .failed(entry.request, error)
        }
    }
}

extension PipelineStateMachine {
    static var unexpected: PostgresError {
        PostgresError(.connectionLost, "the server's replies are out of step with what was sent")
    }

    private static var unsupported: PostgresError {
        PostgresError(.unsupported, "COPY needs copyIn or copyOut on a leased connection")
    }

    private static var noCopy: PostgresError {
        PostgresError(.unsupported, "the statement that was to be a COPY was another one")
    }

    private static var transactionLeftOpen: PostgresError {
        PostgresError(.unsupported, "BEGIN is not allowed on a shared connection: use transaction(_:)")
    }
}

extension PipelineReply {
    fileprivate var isEnd: Bool { if case .end = self { true } else { false } }
}

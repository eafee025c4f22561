import Logging

extension BullMQWorker {
    /// How an attempt ended.
    fileprivate enum Ending {
        case completed(String)
        case retry(reason: String, after: Int64)
        case failed(reason: String, isExhausted: Bool)
    }

    /// Runs a job and records how it ended.
    func work(on job: ClaimedJob) async {
        let ending: Ending
        if let reason = job.deferredFailure {
            ending = .failed(reason: reason, isExhausted: false)
        } else {
            do {
                ending = .completed(try await handler(job) ?? "null")
            } catch {
                if Task.isCancelled {
                    report(.notRecorded(job, reason: "the worker was cancelled"))
                    return
                }
                ending = Self.ending(of: job, after: error)
            }
        }
        await record(ending, of: job)
    }

    private static func ending(of job: ClaimedJob, after error: any Error) -> Ending {
        if let error = error as? UnrecoverableJobError { return .failed(reason: "\(error)", isExhausted: false) }
        if job.attempt >= job.options.attempts { return .failed(reason: "\(error)", isExhausted: true) }
        let pause = job.options.backoff?.pause(afterAttempt: job.attempt, random: .random(in: 0...1)) ?? 0
        return .retry(reason: "\(error)", after: pause)
    }

    /// Records an ending, and tries again while Redis cannot be used and the lock may hold.
    private func record(_ ending: Ending, of job: ClaimedJob) async {
        let deadline = ContinuousClock.now + configuration.lockDuration
        var failures = 0
        while true {
            do {
                let code = try await send(ending, of: job)
                if code == 0 || failures > 0 && [-1, -2, -3].contains(code) {
                    // After a reply that was lost, a job without a lock is one whose ending is recorded.
                    report(ending.event(of: job))
                } else if running.lose(job) {
                    report(.lockLost(job))
                }
                return
            } catch let error as RedisError where error.isTransient && ContinuousClock.now < deadline {
                failures += error.code == .outcomeUnknown || failures > 0 ? 1 : 0
                report(.unavailable(error))
                guard (try? await Task.sleep(for: pause(afterFailures: max(failures, 1)))) != nil else {
                    report(.notRecorded(job, reason: "the worker was cancelled"))
                    return
                }
            } catch {
                report(.notRecorded(job, reason: "\(error)"))
                return
            }
        }
    }

    /// - Returns: what the function `release` of the scripts returns.
    private func send(_ ending: Ending, of job: ClaimedJob) async throws -> Int64 {
        let now = RedisArgument(queue.now())
        let reply: RESPValue
        switch ending {
        case .completed(let result):
            let bounds = job.options.removeOnComplete.bounds
            reply = try await queue.call(
                BullMQScript.finishJob, RedisArgument(job.id), RedisArgument(job.token), now, "completed",
                RedisArgument(result), "", RedisArgument(bounds.count), RedisArgument(bounds.age), "0")
        case .failed(let reason, let isExhausted):
            let bounds = job.options.removeOnFail.bounds
            reply = try await queue.call(
                BullMQScript.finishJob, RedisArgument(job.id), RedisArgument(job.token), now, "failed",
                RedisArgument(reason), RedisArgument("[\(JSONString(reason))]"), RedisArgument(bounds.count),
                RedisArgument(bounds.age), isExhausted ? "1" : "0")
        case .retry(let reason, let pause):
            reply = try await queue.call(
                BullMQScript.retryJob, RedisArgument(job.id), RedisArgument(job.token), now, RedisArgument(pause),
                RedisArgument(reason), RedisArgument("[\(JSONString(reason))]"), job.options.isFirst ? "1" : "0")
        }
        guard let code = reply.integer else { throw RedisError.unexpectedReply(to: "the end of a job") }
        return code
    }
}

extension BullMQWorker.Ending {
    func event(of job: ClaimedJob) -> BullMQWorkerEvent {
        switch self {
        case .completed: .completed(job)
        case .retry(let reason, let pause): .retrying(job, reason: reason, after: .milliseconds(pause))
        case .failed(let reason, _): .failed(job, reason: reason)
        }
    }
}

// MARK: - Logging

extension BullMQWorker {
    static func log(_ event: BullMQWorkerEvent, to logger: Logger) {
        switch event {
        case .completed(let job):
            logger.debug("Job completed", metadata: job.metadata)
        case .retrying(let job, let reason, _):
            logger.warning("Attempt of a job failed", metadata: job.metadata(reason))
        case .failed(let job, let reason):
            logger.error("Job failed", metadata: job.metadata(reason))
        case .lockLost(let job):
            logger.warning("Lock of a job lost; the result of this attempt is not recorded", metadata: job.metadata)
        case .notRecorded(let job, let reason):
            logger.warning("End of a job not recorded; it runs again", metadata: job.metadata(reason))
        case .recovered(let ids):
            logger.warning("Jobs of lost workers wait again", metadata: ["job.ids": "\(ids.prefix(20))"])
        case .unavailable(let error):
            logger.warning("Redis cannot be used", metadata: ["error.message": "\(error)"])
        }
    }
}

extension ClaimedJob {
    fileprivate var metadata: Logger.Metadata {
        ["job.id": "\(id)", "job.name": "\(name)", "job.attempt": "\(attempt)"]
    }

    fileprivate func metadata(_ reason: String) -> Logger.Metadata {
        metadata.merging(["error.message": "\(reason)"]) { $1 }
    }
}

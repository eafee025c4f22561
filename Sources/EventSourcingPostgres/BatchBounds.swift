import LibPQ

/// What the work on a batch has to keep to.
struct BatchBounds: Sendable {
    /// When the first of its callers has waited long enough.
    let deadline: ContinuousClock.Instant
    /// Raised when the batch is to be given up because one of its callers waits no longer.
    let interruption: PostgresInterruption

    /// Until the deadline; never nothing at all.
    var timeLeft: Duration { max(.milliseconds(1), deadline - .now) }
}

/// The database has not done what it was asked for, and will not: it waited for a lock for too long, was interrupted, or
/// was not asked in time. What was to be done can be tried again.
struct BatchGivenUp: Error {
    let underlying: any Error
}

/// Runs `body`, whose errors become ``BatchGivenUp`` where they say so.
///
/// - Parameter isCertain: false when the same was asked for before, with an unknown outcome.
func givingUp<Answer>(isCertain: Bool = true, _ body: () async throws -> Answer) async throws -> Answer {
    do {
        return try await body()
    } catch is CancellationError where isCertain {
        throw BatchGivenUp(underlying: CancellationError())
    } catch let error as PostgresError where isCertain && error.meansGivenUp {
        throw BatchGivenUp(underlying: error)
    }
}

extension PostgresError {
    fileprivate var meansGivenUp: Bool {
        code == .timeout || sqlState == .lockNotAvailable || sqlState == .queryCanceled
    }
}

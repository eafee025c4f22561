import LibPQ

extension TestDatabase {
    /// Runs `body` while another session, called "intruder", has executed the statement in a transaction that is open.
    ///
    /// - Parameter body: is given the process of the session, and what ends its transaction.
    @discardableResult
    package func withOpenTransaction<Answer>(
        _ sql: String, _ body: (_ processID: Int32, _ end: @Sendable () async -> Void) async throws -> Answer
    ) async throws -> Answer {
        try await withClient(configure: { $0.applicationName = "intruder" }) { client in
            let (begun, begin) = AsyncStream<Int32>.makeStream()
            let (ends, end) = AsyncStream<Never>.makeStream()
            let holding = Task {
                try await client.transaction { transaction in
                    try await transaction.script(sql)
                    begin.yield(try await transaction.query("select pg_backend_pid()")[0].decode(Int32.self))
                    for await _ in ends {}
                    throw CancellationError()
                }
            }
            let release: @Sendable () async -> Void = {
                end.finish()
                _ = await holding.result
            }
            do {
                guard let processID = await begun.first(where: { _ in true }) else { throw CancellationError() }
                let answer = try await body(processID, release)
                await release()
                return answer
            } catch {
                await release()
                throw error
            }
        }
    }
}

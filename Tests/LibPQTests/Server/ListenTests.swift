import LibPQ
import PostgresTesting
import Testing

@Suite(.database, .timeLimit(.minutes(5)))
struct `Listening` {
    @Test func `yields what is notified after it began`() async throws {
        try await withClient { client in
            var news = client.notifications(on: "odd \"name\"").makeAsyncIterator()
            #expect(try await news.next() == .listening)
            try await client.execute("SELECT pg_notify('odd \"name\"', $1)", "hello")
            #expect(try await news.next()?.payload == "hello")
        }
    }

    @Test func `is shared by all who listen, each on its channel`() async throws {
        try await withClient { client in
            var first = client.notifications(on: "a").makeAsyncIterator()
            var second = client.notifications(on: "a").makeAsyncIterator()
            var other = client.notifications(on: "b").makeAsyncIterator()
            #expect(try await first.next() == .listening)
            #expect(try await second.next() == .listening)
            #expect(try await other.next() == .listening)
            try await client.execute("SELECT pg_notify('b', 'for b'), pg_notify('a', 'for a')")
            #expect(try await first.next()?.payload == "for a")
            #expect(try await second.next()?.payload == "for a")
            #expect(try await other.next()?.payload == "for b")
        }
    }

    @Test func `begins again after its connection was lost, and says so`() async throws {
        try await withClient { client in
            var news = client.notifications(on: "news").makeAsyncIterator()
            #expect(try await news.next() == .listening)
            try await withClient { try await $0.terminateBackends() }
            #expect(try await news.next() == .listening)
            try await client.execute("NOTIFY news, 'again'")
            #expect(try await news.next()?.payload == "again")
        }
    }

    @Test func `ends on the server when nobody listens any more`() async throws {
        try await withClient { client in
            let task = Task {
                for try await _ in client.notifications(on: "news") {}
            }
            try await until { try await client.backends(mentioning: "LISTEN") == 1 }
            task.cancel()
            try await task.value
            try await until { try await client.backends(mentioning: "UNLISTEN") == 1 }
        }
    }

    @Test func `ends when the client is closed`() async throws {
        try await withClient { client in
            let task = Task {
                for try await _ in client.notifications(on: "news") {}
            }
            try await until { try await client.backends(mentioning: "LISTEN") == 1 }
            await client.close()
            try await task.value
        }
    }

    @Test func `ends when connecting fails permanently`() async throws {
        try await withClient {
            $0.database = "nowhere"
        } _: { client in
            let failure = await error {
                for try await _ in client.notifications(on: "news") {}
            }
            #expect(failure?.postgresCode == .connection)
        }
    }
}

extension PostgresNotification {
    fileprivate var payload: String? {
        if case .received(let payload, _) = self { payload } else { nil }
    }
}

extension PostgresClient {
    /// The number of other backends whose last statement has this text in it.
    fileprivate func backends(mentioning text: String) async throws -> Int {
        try await value(
            Int.self,
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE $1 || ' %'
            """, text)
    }
}

import EventSourcing
import EventSourcingPostgres
import LibPQ

extension LogWorker {
    /// Consumes the subscription `faults`, and writes down what was handled, in the order in which it was.
    func consume() async throws {
        var settings = SubscriptionSettings()
        settings.messageTimeout = .seconds(2)
        let subscription = try Subscription(SubscriptionID("faults"), on: .log(.all), settings: settings)
        var configuration = SubscriptionConsumer.Configuration()
        configuration.capacity = 50
        configuration.concurrency = 8
        configuration.pollInterval = .milliseconds(50)
        configuration.longestPause = .milliseconds(400)
        let consumer = SubscriptionConsumer(
            of: subscription, in: PostgresSubscriptionStore(storeClient), appended: store.appended,
            configuration: configuration, logger: logger
        ) { event, _ in
            _ = try await target.execute(
                Self.note, event.position.rawValue, event.stream.rawValue, event.revision.rawValue)
        }
        try await consumer.run()
    }

    /// $1 position, $2 stream, $3 revision
    private static let note = PostgresStatement(
        "insert into handled (position, stream, revision) values ($1, $2, $3)")
}

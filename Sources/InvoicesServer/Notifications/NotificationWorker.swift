import BullMQ
import EventSourcing
import EventSourcingBullMQ
import EventSourcingPostgres
import InvoicesApplication
import Logging
import ServiceLifecycle

/// Does the jobs of the queue of notifications, until graceful shutdown.
struct NotificationWorker: Service {
    let configuration: ServerConfiguration
    let concurrency: Int
    let logger: Logger

    func run() async throws {
        let redis = try configuration.redisOfWorkers()
        do {
            let client = try RedisClient(redis)
            try await Databases.withRunning(configuration, for: .worker, logger: logger) { databases in
                try await work(on: databases, client)
            }
        } catch is CancellationError where Task.isShuttingDownGracefully {
            logger.info("Stopped before everything had started, or before everything had ended")
        } catch let error as JobWorkerStopped {
            throw Failure(.unfinished, "\(error)")
        } catch let error as RedisError where error.code == .invalidConfiguration {
            throw Failure(.configuration, "REDIS_URL, REDIS_SSL_ROOT_CERT: \(error)")
        } catch let error as RedisError {
            throw Failure(.unavailable, "Redis (\(redis.url)): \(error)")
        }
    }

    private func work(on databases: Databases, _ client: RedisClient) async throws {
        // Says what is wrong with the event store before a job is taken.
        try await databases.eventStore.explaining {
            _ = try await PostgresProcessedJobs($0).purge(olderThan: ProcessedJobsPurge.defaultAge)
        }
        let queue = try BullMQQueue(InvoiceNotifications.queueName, prefix: configuration.queues.prefix, client: client)
        let eventStore = databases.eventStore.client
        let notifications = try Notifications(
            configuration, reading: PostgresEventStore(eventStore, appended: PositionSignal()), in: eventStore,
            logger: logger)

        var workerConfiguration = BullMQWorkerConfiguration()
        workerConfiguration.name = InvoicesService.processName
        workerConfiguration.concurrency = concurrency
        // A worker that was killed says nothing about its jobs, and what they have sent is not sent again.
        workerConfiguration.maximumStalls = 10
        let worker = JobWorker(of: queue, configuration: workerConfiguration, logger: logger) { [logger] job, attempt in
            let outcome = try await notifications.handler.perform(job)
            logger.log(
                level: outcome == .repeated ? .debug : .info, "Job done",
                metadata: [
                    "job.id": "\(job.id)", "job.name": "\(job.name)", "job.attempt": "\(attempt)",
                    "outcome": "\(outcome)",
                ])
        }
        logger.notice(
            """
            Working on the queue \(queue.name) of \(client.configuration.url), \(concurrency) jobs at a time; \
            notifications go \(configuration.notifications)
            """)
        // The worker stops first, since its jobs use the others.
        let services = databases.services + [client] + notifications.services + [worker]
        var group = ServiceGroupConfiguration(services: services, logger: logger)
        // Longer than the longest attempt to send a notification.
        group.maximumGracefulShutdownDuration = .seconds(60)
        try await ServiceGroup(configuration: group).run()
    }
}

import BullMQ
import EmbeddedRedis
import FoundationEssentials
import ServerProcesses

extension ServerConfiguration {
    /// The Redis that workers take their jobs from: the one that is set, or the private one of a service that runs in this
    /// folder.
    ///
    /// - Throws: ``Failure`` when there is neither.
    func redisOfWorkers() throws -> RedisConfiguration {
        guard queues.backend == .redis else {
            throw Failure(
                .configuration,
                "QUEUE_BACKEND: the worker takes jobs from redis only; run a worker of BullMQ on postgres, or set redis"
            )
        }
        var redis = RedisConfiguration(url: try queues.redis ?? privateRedisURL())
        redis.trustedCertificates = queues.redisRootCertificates
        return redis
    }

    private func privateRedisURL() throws -> RedisURL {
        let directory = "\(dataDirectory)/redis"
        guard FileManager.default.fileExists(atPath: directory) else {
            throw Failure(
                .configuration,
                """
                there is no Redis to take jobs from: set REDIS_URL, or start the worker in the folder of a service that has \
                a private one (there is none in \(directory))
                """)
        }
        do { return RedisURL(.unix(path: try EmbeddedRedis.socket(in: directory))) } catch let error
            as PrivateServerError
        {
            throw Failure(.unavailable, "\(error)")
        }
    }
}

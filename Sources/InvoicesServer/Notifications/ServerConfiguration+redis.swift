import BullMQ
import EmbeddedRedis
import FoundationEssentials

extension ServerConfiguration {
    /// Where workers take their jobs from: the Redis that is set, or the private one of a service that runs in this folder.
    ///
    /// - Throws: ``Failure`` when there is neither.
    func redisURLOfWorkers() throws -> RedisURL {
        if let redis { return redis }
        let directory = privateRedisDirectory
        guard FileManager.default.fileExists(atPath: directory) else {
            throw Failure(
                .configuration,
                """
                there is no Redis to take jobs from: set REDIS_URL, or start the worker in the folder of a service that has \
                a private one (there is none in \(directory))
                """)
        }
        return RedisURL(.unix(path: try EmbeddedRedis.socket(in: directory)))
    }

    /// The folder of the private Redis.
    var privateRedisDirectory: String { "\(dataDirectory)/redis" }
}

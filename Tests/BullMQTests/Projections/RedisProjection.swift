import BullMQ
import EventSourcing
import FoundationEssentials

/// A projection in Redis, as a user of the libraries writes one who keeps his read models there: rows of whole streams,
/// checkpoint and parked events change in one script, which Redis runs as one step.
///
/// A row is a hash under the aggregate's ``CheckpointKey``, with the row's JSON and the revision that it was made of.
struct RedisProjection<Projection: StreamProjection>: ProjectionTarget where Projection.Row: Encodable {
    let name: String
    let filter: LogFilter
    let pipeline: String
    let projection: Projection
    let reader: any EventReader
    let client: RedisClient

    func layout() async throws -> ProjectionLayout {
        let state = try await load(0, of: Partitioning(1))
        return ProjectionLayout(
            partitions: Partitioning(1), wanted: Partitioning(1), positions: [state.checkpoint.position],
            versions: [state.version])
    }

    func load(_ partition: Int, of partitioning: Partitioning) async throws -> PartitionState {
        let replies = try await client.pipeline([
            RedisCommand("HGETALL", RedisArgument(keys[0])), RedisCommand("HVALS", RedisArgument(keys[1])),
            RedisCommand("SMEMBERS", RedisArgument(keys[2])),
        ])
        let state = replies[0].hash ?? [:]
        let parked = Set(try (replies[1].array ?? []).compactMap(\.text).map { try StreamName($0) })
        let retried = Set((replies[2].array ?? []).compactMap(\.text))
        let checkpoint = Checkpoint(
            incarnation: state["incarnation"]?.text.flatMap(UUID.init(uuidString:)),
            position: Position(state["position"]?.integer ?? 0),
            eventID: state["event"]?.text.flatMap(UUID.init(uuidString:)))
        return PartitionState(
            checkpoint: checkpoint, version: state["version"]?.integer ?? 0,
            parked: Dictionary(uniqueKeysWithValues: parked.map { ($0, retried.contains($0.rawValue)) }),
            parkedStreams: parked.count, isPaused: false)
    }

    func commit(_ commit: ProjectionCommit) async throws {
        let rows = try await projection.rows(for: commit.applied, reading: reader)
        let revisions = Dictionary(commit.applied.map { ($0.stream, $0.revision) }) { $1 }
        let change = Change(
            version: "\(commit.version)", nextVersion: "\(commit.nextVersion)",
            position: "\(commit.checkpoint.position)", event: commit.checkpoint.eventID?.uuidString ?? "",
            incarnation: commit.checkpoint.incarnation?.uuidString ?? "",
            rows: try rows.map { stream, row in
                Change.Row(
                    key: try key(of: stream), revision: "\(revisions[stream] ?? .first)",
                    json: try row.map { try EventPayload(encoding: $0).bytes.text })
            },
            parked: commit.parked.map { .init(position: "\($0.event.position)", stream: $0.event.stream.rawValue) },
            released: commit.released.map { "\($0)" }, retried: commit.retried.map(\.rawValue))
        let answer = try await client.run(
            Self.script, keys: keys.map { RedisArgument($0) },
            arguments: [RedisArgument(try EventPayload(encoding: change).bytes)])
        guard answer.integer == 1 else { throw CheckpointMoved(projection: name, partition: commit.partition) }
    }

    func parkedPositions(of stream: StreamName, in partition: Int, limit: Int) async throws -> [Position] {
        let parked = try await client.send(RedisCommand("HGETALL", RedisArgument(keys[1]))).hash ?? [:]
        let positions = parked.filter { $0.value.text == stream.rawValue }.compactMap { Int64($0.key) }
        return positions.sorted().prefix(limit).map { Position($0) }
    }

    /// There is one partition and never another number.
    func repartition(_ versions: [Int64], at checkpoint: Checkpoint, into wanted: Partitioning) async throws {
        throw CheckpointMoved(projection: name, partition: 0)
    }

    func note(_ stall: ProjectionStall?, in partition: Int) async throws {
        _ = try await client.send(
            RedisCommand("HSET", RedisArgument(keys[0]), "stall", RedisArgument(stall?.reason ?? "")))
    }
}

extension RedisProjection {
    /// The row of a stream as JSON, and the revision that it was made of; nil when there is none.
    func row(of stream: StreamName) async throws -> (json: String, revision: Revision)? {
        let hash = try await client.send(RedisCommand("HGETALL", RedisArgument(try key(of: stream)))).hash
        guard let json = hash?["row"]?.text, let revision = hash?["revision"]?.integer else { return nil }
        return (json, Revision(revision))
    }

    /// What an administrator does to have a parked stream tried again. The version tells the owner.
    func retry(_ stream: StreamName) async throws {
        _ = try await client.pipeline([
            RedisCommand("SADD", RedisArgument(keys[2]), RedisArgument(stream.rawValue)),
            RedisCommand("HINCRBY", RedisArgument(keys[0]), "version", 1),
        ])
    }

    private func key(of stream: StreamName) throws -> String {
        try CheckpointKey(pipeline: pipeline, processor: name, stream: stream).description
    }

    /// Of the partition, of the parked events by their positions, and of the streams that are to be tried again.
    private var keys: [String] { ["partition", "parked", "retried"].map { "\(pipeline):\(name):\($0)" } }

    private struct Change: Encodable {
        struct Row: Encodable {
            let key: String
            let revision: String
            let json: String?
        }
        struct Parked: Encodable {
            let position: String
            let stream: String
        }
        // As texts: Lua has no integers of 64 bits.
        let version: String
        let nextVersion: String
        let position: String
        let event: String
        let incarnation: String
        let rows: [Row]
        let parked: [Parked]
        let released: [String]
        let retried: [String]
    }

    private static var script: RedisScript {
        RedisScript(
            "commitProjection",
            """
            local change = cjson.decode(ARGV[1])
            if (redis.call('HGET', KEYS[1], 'version') or '0') ~= change.version then return 0 end
            for _, row in ipairs(change.rows) do
                redis.call('HSET', row.key, 'revision', row.revision)
                if row.json then redis.call('HSET', row.key, 'row', row.json) else redis.call('HDEL', row.key, 'row') end
            end
            for _, parked in ipairs(change.parked) do redis.call('HSET', KEYS[2], parked.position, parked.stream) end
            for _, position in ipairs(change.released) do redis.call('HDEL', KEYS[2], position) end
            for _, stream in ipairs(change.retried) do redis.call('SREM', KEYS[3], stream) end
            redis.call('HSET', KEYS[1], 'version', change.nextVersion, 'position', change.position,
                'event', change.event, 'incarnation', change.incarnation)
            return 1
            """)
    }
}

import LibPQ

/// The statements on the tables `projections` and `checkpoints`.
enum Checkpoints {
    /// $1 projection. One row: partitions, wanted partitions, and the positions and versions in the order of the
    /// partitions.
    static let layout = PostgresStatement(
        """
        select p.partitions, p.wanted_partitions,
            array(select c.position from checkpoints c where c.projection = $1 order by c.partition),
            array(select c.version from checkpoints c where c.projection = $1 order by c.partition)
        from projections p where p.projection = $1
        """)

    /// $1 projection. A ``StoredCheckpoint`` of each partition, in their order.
    static let all = PostgresStatement(
        "select version, position, incarnation, event_id from checkpoints where projection = $1 order by partition")

    /// As ``all``, locked to the end of the transaction. In the order of the partitions, as everybody
    /// who locks several of them.
    static let hold = PostgresStatement(
        """
        select version, position, incarnation, event_id from checkpoints where projection = $1
        order by partition for update
        """)

    /// $1 projection, $2 partitions. The first process decides how many there are.
    static let begin = PostgresStatement(
        """
        with begun as (
            insert into projections (projection, partitions, wanted_partitions) values ($1, $2, $2)
            on conflict do nothing returning partitions)
        insert into checkpoints (projection, partition, position)
        select $1, number, 0 from begun, generate_series(0, begun.partitions - 1) number
        """)

    /// $1 projection, $2 partition, $3 of how many. No row when there are not as many.
    static let load = PostgresStatement(
        """
        select c.version, c.position, c.incarnation, c.event_id, p.paused_at is not null,
               exists (select from parked_events e where e.projection = $1 and e.skipped_at is not null),
               (select count(distinct (e.tenant, e.stream)) from parked_events e
                where e.projection = $1 and e.skipped_at is null),
               coalesce(s.tenants, '{}'), coalesce(s.streams, '{}'), coalesce(s.retries, '{}')
        from checkpoints c join projections p using (projection)
        left join lateral (
            select array_agg(e.tenant) tenants, array_agg(e.stream) streams, array_agg(e.retry) retries
            from (select tenant, stream, bool_or(retry_requested) retry from parked_events
                  where projection = $1 and partition = $2 and skipped_at is null group by tenant, stream) e) s on true
        where c.projection = $1 and c.partition = $2 and p.partitions = $3
        """)

    /// Fails with ``moved`` unless the partition has the version.
    static let move = PostgresStatement(
        "select move_checkpoint(:projection, :partition, :version, :next_version, :position, :incarnation, :event_id)")

    /// What ``move`` fails with, as `move_checkpoint` raises it.
    static let moved = SQLState(rawValue: "RD001")

    /// $1 projection, $2 partition
    static let addVersion = PostgresStatement(
        "update checkpoints set version = version + 1 where projection = $1 and partition = $2")

    /// $1 projection, $2 partition, $3 since when or null, $4 on what or null
    static let note = PostgresStatement(
        """
        update checkpoints set stalled_since = $3, stalled_on = $4 where projection = $1 and partition = $2
        """)

    /// $1 projection, $2 partitions, $3 their versions; fewer rows than these are affected if somebody was faster
    static let remove = PostgresStatement(
        """
        delete from checkpoints c using unnest($2::integer[], $3::bigint[]) as seen (partition, version)
        where c.projection = $1 and c.partition = seen.partition and c.version = seen.version
        """)

    static let replace = PostgresStatement(
        """
        with replaced as (update projections set partitions = :partitions where projection = :projection)
        insert into checkpoints (projection, partition, version, position, incarnation, event_id)
        select :projection, number, :version, :position, :incarnation, :event_id
        from generate_series(0, :partitions - 1) number
        """)
}

/// The statements on the table `parked_events`.
enum ParkedEvents {
    /// An array each of what the events are. One that is parked already keeps its row and gets the reason.
    static let park = PostgresStatement(
        """
        insert into parked_events as p (projection, partition, position, tenant, stream, event_id, type, reason)
        select :projection, :partition, *
        from unnest(:positions, :tenants, :streams, :event_ids, :types, :reasons)
        on conflict (projection, position) do update set reason = excluded.reason, attempts = p.attempts + 1
        """)

    /// $1 projection, $2 positions
    static let release = PostgresStatement(
        "delete from parked_events where projection = $1 and position = any ($2)")

    /// $1 projection, $2 streams
    static let retried = PostgresStatement(
        """
        update parked_events set retry_requested = false
        where projection = $1 and stream = any ($2) and retry_requested and skipped_at is null
        """)

    /// $1 projection, $2 partition, $3 stream, $4 limit
    static let positions = PostgresStatement(
        """
        select position from parked_events
        where projection = $1 and partition = $2 and stream = $3 and skipped_at is null order by position limit $4
        """)

    /// $1 projection
    static let streams = PostgresStatement(
        "select distinct tenant, stream from parked_events where projection = $1 and skipped_at is null")

    /// $1 projection, $2 streams, $3 their partitions
    static let assign = PostgresStatement(
        """
        update parked_events e set partition = a.partition
        from unnest($2::text[], $3::integer[]) as a (stream, partition)
        where e.projection = $1 and e.stream = a.stream and e.skipped_at is null
        """)
}

import LibPQ

/// The statements of a rebuild on the tables `projections`, `checkpoints` and `parked_events`.
enum RebuildCheckpoints {
    /// Whoever waits for the tables keeps all later readers waiting.
    static let limitWaiting = PostgresStatement("select set_config('lock_timeout', '1000', true)")

    /// $1 projection
    static let forget = PostgresStatement(
        """
        with old_parked as (delete from parked_events where projection = $1),
            old_checkpoints as (delete from checkpoints where projection = $1)
        delete from projections where projection = $1
        """)

    /// $1 projection, $2 name of its new version. Versions that nobody has seen: the process that runs the projection finds out,
    /// and goes on from where the new version is.
    static let take = PostgresStatement(
        """
        update checkpoints c set position = n.position, incarnation = n.incarnation, event_id = n.event_id,
            version = 1 + (select max(version) from checkpoints where projection in ($1, $2)),
            updated_at = clock_timestamp(), stalled_since = null, stalled_on = null
        from checkpoints n where c.projection = $1 and n.projection = $2 and n.partition = c.partition
        """)

    /// $1 projection
    static let forgetParked = PostgresStatement("delete from parked_events where projection = $1")

    /// $1 projection, $2 name of its new version
    static let takeParked = PostgresStatement("update parked_events set projection = $1 where projection = $2")
}

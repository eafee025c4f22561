drop function if exists move_checkpoint(text, integer, bigint, bigint, uuid, uuid);

-- Moves the checkpoint of a partition, unless somebody else has changed the partition since its version was read: then
-- it fails with RD001, and with it the transaction that it is a part of. It comes first there: the rows are written by
-- whoever holds the lock on the checkpoint from here to the commit.
--
-- The commit does not wait for the disk. What a crash takes away are the last commits, each with its checkpoint and its rows;
-- the events are in the event store, and are applied again.
create or replace function move_checkpoint(
    projection text, partition integer, version bigint, next_version bigint, "position" bigint, incarnation uuid,
    event_id uuid)
returns void language plpgsql as $$
begin
    perform set_config('synchronous_commit', 'off', true);
    update checkpoints c set
        version = move_checkpoint.next_version, position = move_checkpoint.position,
        incarnation = move_checkpoint.incarnation, event_id = move_checkpoint.event_id,
        updated_at = clock_timestamp()
    where c.projection = move_checkpoint.projection and c.partition = move_checkpoint.partition
        and c.version = move_checkpoint.version;
    if not found then
        raise exception 'partition % of projection % is not at version %', partition, projection, version
            using errcode = 'RD001';
    end if;
end $$;

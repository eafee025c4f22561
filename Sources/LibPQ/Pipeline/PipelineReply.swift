/// What `PQgetResult` can say in pipeline mode, stripped of libpq.
enum PipelineReply<Rows> {
    /// Rows, or a completed command.
    case rows(Rows)
    /// A completed `BEGIN`, in whatever spelling.
    case began(Rows)
    case failure(PostgresServerError)
    /// A `COPY` has begun.
    case copy(Rows)
    /// Not run, because something before it failed since the last Sync.
    case aborted
    /// `NULL`: the end of the results of one statement.
    case end
    /// A Sync is back.
    case sync
    /// A failure that libpq made itself, which it does when the connection is gone.
    case lost
    /// A message that no request is waiting for.
    case unsupported
}

/// Whether a connection can go on after a reply.
enum PipelineVerdict {
    case goOn
    /// It cannot: close it and call `lose` with the error.
    case close(PostgresError)
}

extension PipelineReply: Sendable where Rows: Sendable {}

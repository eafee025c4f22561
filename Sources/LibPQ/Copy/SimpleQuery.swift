/// What is sent as a simple query, out of pipeline mode: a script, or a `COPY`.
struct SimpleQuery: Sendable {
    enum Copy: Sendable {
        /// `COPY … TO STDOUT`; `end` is answered with its completion.
        case out(CopyOutChannel, end: Request)
        /// `COPY … FROM STDIN`; the request that ends it is sent later.
        case into
    }

    /// Answered when a script is done, or a `COPY` has begun.
    let request: Request
    var copy: Copy?
}

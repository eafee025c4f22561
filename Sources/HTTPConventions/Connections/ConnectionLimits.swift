/// The timeouts of a connection, and how much of an unwanted body is read and discarded.
package struct ConnectionLimits: Sendable {
    /// How long a connection may stay open without a request.
    package var idle = Duration.seconds(60)
    /// From the first byte of a request to the end of its headers.
    package var headers = Duration.seconds(10)
    /// From the end of the headers to the end of the body.
    package var body = Duration.seconds(30)
    /// How long a client may leave an answer unread.
    package var answer = Duration.seconds(30)
    /// After a request to stop: how long requests may go on. Then connections are cut.
    package var shutdown = Duration.seconds(10)
    /// How long the rest of a body is read and thrown away after its request was answered. A client that sends
    /// everything before it reads would otherwise lose the answer to the reset of the connection.
    package var drain = Duration.seconds(30)
    /// How long a client may be silent in that time.
    package var drainSilence = Duration.seconds(5)
    /// The most bytes that are read in that time.
    package var drainSize = 128 * 1024 * 1024

    /// How soon a client that has closed its side, and waits for an answer, is asked whether it is still there.
    package var presence = Duration.milliseconds(100)

    package init() {}
}

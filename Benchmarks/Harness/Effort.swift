/// How much is done to measure something.
struct Effort: Sendable {
    /// Of one run.
    var seconds: Int
    var rounds = 3
    /// Only rows whose name contains this are measured; nil for all.
    var row: String?
    /// Streams of 10 events, to be loaded.
    var streams = 10_000
    /// Events in the log that is read.
    var logEvents = 300_000
    /// Rows that are copied in.
    var copiedRows = 200_000
    /// Events in the store that is said to be large.
    var grownEvents = 5_000_000
    /// Events in the log that is projected.
    var projectedEvents = 1_000_000
    /// Events that consumers of a subscription share.
    var subscribedEvents = 100_000
    /// Jobs that a worker runs.
    var queuedJobs = 50_000
    /// Rows that are looked up.
    var lookupRows = 100_000
    /// Invoices of which some are read by HTTP.
    var readInvoices = 100_000
    /// Invoices that are paid by HTTP, in all rounds.
    var payableInvoices = 300_000

    /// Enough to see that everything works, and nothing else.
    static let quick = Effort(
        seconds: 1, rounds: 1, streams: 200, logEvents: 5_000, copiedRows: 5_000, grownEvents: 20_000,
        projectedEvents: 20_000, subscribedEvents: 5_000, queuedJobs: 5_000,
        lookupRows: 2_000,
        readInvoices: 2_000, payableInvoices: 30_000)
}

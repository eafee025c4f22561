import PostgresTesting
import Testing

/// Tests of the running program, over HTTP, on two PostgreSQL clusters of their own.
///
/// Every test starts `invoices` itself, on two databases that no other test uses.
@Suite(.timeLimit(.minutes(5))) struct IntegrationTests {}

import Synchronization

extension HTTPContest {
    /// One invoice after the other, scattered over the table.
    func find() async throws -> Report {
        let ids = (0..<min(invoices, 10_000)).map { Self.id($0 * (invoices / min(invoices, 10_000))) }
        let requests = try file("find", ids.map { "GET /invoices/\($0)" })
        let name = "GET /invoices/{id}"
        return try await report(
            "Find", name, contenders(name) { _ in requests }, bareReach: 0.45, twinReach: 5)
    }

    /// The first page of fifty invoices.
    func list() async throws -> Report {
        let requests = try file("list", repeatElement("GET /invoices?limit=50", count: 2))
        let name = "GET /invoices?limit=50"
        return try await report(
            "List", name, contenders(name) { _ in requests }, bareReach: nil, twinReach: 4)
    }

    static let newInvoice =
        #"{"customerId":"0190a5d8-0000-7000-8000-000000000001","amount":12500,"reference":"a reference"}"#

    /// An invoice, issued at once, and answered as it is read.
    func create() async throws -> Report {
        let requests = try file("create", repeatElement("POST /invoices \(Self.newInvoice)", count: 2))
        let name = "POST /invoices"
        let alone = "\(name), one connection"
        let contenders =
            contenders(name) { _ in requests }
            + contenders(alone, connections: 1) { _ in requests }.filter { $0.program != bare.processID }
        var report = try await report("Create", name, contenders, bareReach: 0.2, twinReach: 2.5)
        report.compareMedians(
            "http-create-alone-twin", "\(alone), the service", to: "\(alone), FastAPI, asyncpg", reach: 0.8)
        return report
    }

    /// All that is due of an invoice, of each once.
    func pay() async throws -> Report {
        let share = invoices / bench.effort.rounds
        let runs = Mutex<[Int32: Int]>([:])
        let name = "POST /invoices/{id}/pay"
        let contenders = contenders(name, once: true) { server in
            let run = runs.withLock { runs in
                defer { runs[server.processID, default: 0] += 1 }
                return runs[server.processID, default: 0]
            }
            return try file("pay", (run * share..<(run + 1) * share).map { "POST /invoices/\(Self.id($0))/pay" })
        }
        // Hummingbird alone would have paid them all in no time.
        return try await report(
            "Pay", name, contenders.filter { !$0.name.hasSuffix("Hummingbird alone") }, bareReach: nil, twinReach: 2)
    }
}

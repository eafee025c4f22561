/// What one run of a workload did.
struct Measurement: Sendable {
    /// How many events, rows or loads.
    let count: Int
    let seconds: Double
    /// Of each operation, or of a sample of them; empty where single operations cannot be told apart.
    let latencies: Histogram
    var cpu = CPUTime(client: 0, server: 0)

    init(count: Int, seconds: Double, latencies: Histogram = Histogram()) {
        self.count = count
        self.seconds = seconds
        self.latencies = latencies
    }

    /// Per second.
    var rate: Double { Double(count) / seconds }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
    var inNanoseconds: UInt64 {
        UInt64(components.seconds) * 1_000_000_000 + UInt64(components.attoseconds / 1_000_000_000)
    }
}

/// What a workload has to say.
struct Report: Sendable {
    let title: String
    /// What is counted: events, rows, loads.
    let unit: String
    var rows: [(name: String, measurement: Measurement)] = []
    var ratios: [Ratio] = []
    var notes: [String] = []
    /// What is not a rate.
    var costs: Table?

    /// A row for each contender, in their order.
    init(_ title: String, unit: String, _ contenders: [Contender], _ measurements: [String: Measurement]) {
        self.title = title
        self.unit = unit
        rows = contenders.compactMap { contender in measurements[contender.name].map { (contender.name, $0) } }
    }

    /// Compares two rows by their rates.
    mutating func compare(_ name: String, _ ours: String, to peer: String, reach: Double) {
        guard let ours = rate(of: ours), let peer = rate(of: peer) else { return }
        ratios.append(Ratio(name: name, value: ours / peer, reach: reach))
    }

    /// Compares two rows by the median of their latencies: a half is twice as slow as the peer.
    mutating func compareMedians(_ name: String, _ ours: String, to peer: String, reach: Double) {
        guard let ours = median(of: ours), let peer = median(of: peer), ours > 0 else { return }
        ratios.append(Ratio(name: name, value: peer / ours, reach: reach))
    }

    private func median(of row: String) -> Double? {
        rows.first { $0.name == row }?.measurement.latencies.quantile(0.5)
    }

    func rate(of row: String) -> Double? { rows.first { $0.name == row }?.measurement.rate }
}

/// How we do beside a peer, and what is to be reached.
struct Ratio: Sendable, CustomStringConvertible {
    let name: String
    let value: Double
    let reach: Double

    var description: String { "ratio \(name) \(value.fixed(2)) reach \(reach.fixed(2))" }
}

// MARK: - Printing

extension Report: CustomStringConvertible {
    var description: String {
        let head = [title, "\(unit)/s", "mean ms", "p50 ms", "p99 ms", "client CPU µs", "server CPU µs"]
        let table = rows.isEmpty ? nil : Table(head: head, rows: rows.map { [$0.name] + cells($0.measurement) })
        return ([table, costs].compactMap { $0?.description } + notes.map { "  \($0)" }).joined(separator: "\n")
    }

    /// CPU in microseconds for one of what is counted.
    private func cells(_ measurement: Measurement) -> [String] {
        let latencies = measurement.latencies
        let times = [latencies.mean, latencies.quantile(0.5), latencies.quantile(0.99)].map { $0?.fixed(2) ?? "-" }
        let cpu = [measurement.cpu.client, measurement.cpu.server].map {
            ($0 * 1e6 / Double(measurement.count)).fixed(1)
        }
        return [measurement.rate.grouped] + times + cpu
    }
}

/// Text in columns: the first to the left, numbers to the right.
struct Table: CustomStringConvertible {
    let head: [String]
    let rows: [[String]]

    var description: String {
        let lines = [head] + rows
        let widths = head.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        let rule = widths.map { String(repeating: "-", count: $0) }
        return ([head, rule] + rows).map { line in
            zip(line, widths).enumerated().map { column, cell in
                let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                return column == 0 ? cell.0 + padding : padding + cell.0
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}

extension Double {
    /// With this many digits after the point.
    func fixed(_ digits: Int) -> String {
        let scale = (0..<digits).reduce(1.0) { power, _ in power * 10 }
        let scaled = Int((self * scale).rounded())
        let fraction = String(scaled % Int(scale))
        return "\(scaled / Int(scale))." + String(repeating: "0", count: digits - fraction.count) + fraction
    }

    /// Rounded, with a comma before every three digits.
    var grouped: String {
        var (rest, groups) = (Int(rounded()), [String]())
        while rest >= 1_000 {
            groups.insert(String(String(1_000 + rest % 1_000).dropFirst()), at: 0)
            rest /= 1_000
        }
        return ([String(rest)] + groups).joined(separator: ",")
    }
}

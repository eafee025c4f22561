import FoundationEssentials

extension ProjectionReports {
    /// A line for each projection.
    var list: String {
        guard !projections.isEmpty else { return "No projection has ever run on this read database." }
        var table = TextTable("PROJECTION", "STATE", " POSITION", " LAG", " PARKED STREAMS", " PARTITIONS")
        for projection in projections {
            table.add(
                projection.name, projection.state.rawValue, "\(projection.position)", "\(projection.lag)",
                "\(projection.parkedStreams)", "\(projection.partitions.count)")
        }
        return table.text
    }

    /// Everything about each of them.
    var details: String {
        guard !projections.isEmpty else { return list }
        return projections.map { $0.details(head: head) }.joined(separator: "\n\n")
    }
}

extension ProjectionReport {
    fileprivate func details(head: Int64) -> String {
        var lines = [
            "\(name): \(state.rawValue)",
            "  position    \(position) of \(head), \(lag == 1 ? "1 event" : "\(lag) events") behind",
        ]
        if let paused { lines.append("  paused      \(paused.text)") }
        if parkedStreams > 0 {
            lines.append(
                "  parked      \(parkedStreams) streams with \(parkedEvents) events;"
                    + " see: invoices projections parked \(name)")
        }
        if wantedPartitions != partitions.count {
            lines.append("  partitions  \(partitions.count), to become \(wantedPartitions)")
        }
        for partition in partitions {
            lines.append("  partition \(partition.number)")
            lines += partition.details.map { "    \($0)" }
        }
        return lines.joined(separator: "\n")
    }
}

extension ProjectionReport.Partition {
    fileprivate var details: [String] {
        var lines = ["position  \(position), where it came \(movedAt.spoken())"]
        if let stalled { lines.append("stalled   \(stalled.text)") }
        if let owner {
            lines.append("owner     \(owner.process), since \(owner.since.spoken())")
            if !owner.isAlive {
                lines.append("          that gave its last sign of life \(owner.lastSignOfLife.spoken())")
            }
        } else {
            lines.append("owner     none: no process runs it")
        }
        return lines
    }
}

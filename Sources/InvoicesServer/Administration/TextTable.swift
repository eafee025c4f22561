/// Rows under headings, in columns as wide as what stands in them.
struct TextTable {
    /// A column with numbers, which end below each other, has a heading with a space before it.
    private let headings: [String]
    private var rows: [[String]] = []

    init(_ headings: String...) { self.headings = headings }

    /// - Precondition: there are as many cells as headings.
    mutating func add(_ cells: String...) {
        precondition(cells.count == headings.count, "a row has a cell for each column")
        rows.append(cells.map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") })
    }

    var text: String {
        let isNumeric = headings.map { $0.hasPrefix(" ") }
        let lines = [headings.map { $0.hasPrefix(" ") ? String($0.dropFirst()) : $0 }] + rows
        let widths = headings.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { cells in
            let padded = cells.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - cells[column].count)
                return isNumeric[column] ? padding + cells[column] : cells[column] + padding
            }
            let line = padded.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }.joined(separator: "\n")
    }
}

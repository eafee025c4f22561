package import EventSourcing

/// What a writing process reports about a committed append: a line of its output.
package struct Acknowledgement: Sendable {
    /// The writer, and which of its appends it was, from 0.
    package let writer: Int
    package let number: Int
    package let outcome: AppendOutcome

    package init(writer: Int, number: Int, outcome: AppendOutcome) {
        self.writer = writer
        self.number = number
        self.outcome = outcome
    }

    package var line: String {
        let revisions = outcome.revisions.map { " \($0.key)=\($0.value)" }.joined()
        return "\(writer) \(number) \(outcome.position)\(revisions)"
    }

    /// Nil for any other line.
    package init?(line: String) {
        let words = line.split(separator: " ")
        guard words.count > 3, let writer = Int(words[0]), let number = Int(words[1]), let position = Int64(words[2])
        else { return nil }
        var revisions: [StreamName: Revision] = [:]
        for word in words[3...] {
            let sides = word.split(separator: "=")
            guard sides.count == 2, let stream = try? StreamName(String(sides[0])), let revision = Int64(sides[1])
            else { return nil }
            revisions[stream] = Revision(revision)
        }
        self.init(
            writer: writer, number: number, outcome: AppendOutcome(revisions: revisions, position: Position(position)))
    }
}

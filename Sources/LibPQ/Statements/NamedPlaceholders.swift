/// Replaces the placeholders `:name` of a statement by `$1`, `$2` …, numbered in the order of their first appearance.
///
/// What is not a placeholder stays as it is: casts (`::text`), `:=`, string constants in all their spellings, quoted
/// identifiers and comments (PostgreSQL manual, "Lexical Structure"). A colon with a blank behind it is not one either,
/// so that a slice between columns is written `a[low : high]`.
struct NamedPlaceholders {
    /// In the order of their numbers.
    private(set) var names: [String] = []
    private(set) var sql: String
    private var hasNumbers = false

    /// - Precondition: The statement has names or numbers, not both.
    init(in text: String) {
        sql = text
        guard Self.mayHaveNames(text) else { return }
        let bytes = Array(text.utf8)
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var scanner = SQLScanner(bytes)
        while let token = scanner.next() {
            switch token.kind {
            case .placeholder:
                output.append(UInt8(ascii: "$"))
                let name = String(decoding: bytes[token.range].dropFirst(), as: UTF8.self)
                output.append(contentsOf: "\(number(of: name))".utf8)
            case .number:
                hasNumbers = true
                output.append(contentsOf: bytes[token.range])
            case .word, .other: output.append(contentsOf: bytes[token.range])
            }
        }
        guard !names.isEmpty else { return }
        precondition(!hasNumbers, "a statement has arguments by name or by number, not both: \(text)")
        sql = String(decoding: output, as: UTF8.self)
    }

    private mutating func number(of name: String) -> Int {
        if let index = names.firstIndex(of: name) { return index + 1 }
        names.append(name)
        return names.count
    }

    /// Spares most statements the scanner.
    private static func mayHaveNames(_ text: String) -> Bool {
        var previous: UInt8 = 0
        var isColon = false
        for byte in text.utf8 {
            if isColon, SQLScanner.isLetter(byte) { return true }
            isColon = byte == UInt8(ascii: ":") && previous != UInt8(ascii: ":")
            previous = byte
        }
        return false
    }
}

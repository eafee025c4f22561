package import FoundationEssentials

extension MemberFormat where Value == Int64 {
    /// An integer. The digits are read as they were written: 12.50 and 1e3 are not taken for integers.
    ///
    /// - Parameters:
    ///   - unit: what is counted.
    ///   - example: a value, and what it stands for.
    package static func integer(
        in range: ClosedRange<Int64>, _ unit: String? = nil, example: String? = nil
    ) -> MemberFormat {
        MemberFormat(
            expectation: """
                Write an integer from \(range.lowerBound) to \(range.upperBound)\(unit.map { " in \($0)" } ?? ""), \
                without quotes, a fraction or an exponent\(example.map { ": \($0)" } ?? "").
                """, written: { .number(String($0)) }
        ) { json throws(Mismatch) in
            guard case .number(let text) = json else { throw Mismatch(code: .wrongType) }
            guard text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || $0.isDigit }) else {
                throw Mismatch(code: .notAnInteger)
            }
            guard let number = Int64(text), range.contains(number) else { throw Mismatch(code: .outOfRange) }
            return number
        }
    }
}

extension MemberFormat where Value == Bool {
    package static let bool = MemberFormat(
        expectation: "Send true or false.", written: { .bool($0) }
    ) { json throws(Mismatch) in
        guard case .bool(let value) = json else { throw Mismatch(code: .wrongType) }
        return value
    }
}

extension MemberFormat where Value == Date {
    package static let time = text(
        "Send a time as RFC 3339, such as 2026-12-31T12:00:00Z.", else: .notATime,
        written: RFC3339.string(from:), read: RFC3339.date(from:))
}

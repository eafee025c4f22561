import Hummingbird

/// Takes the parameters of a query one by one, and remembers everything that is wrong with them.
struct QueryParameters {
    private var values: [String: String] = [:]
    private var known: [String] = []
    private var unread: [String] = []
    private var errors: [ProblemError] = []

    init(of request: Request) {
        for (name, value) in request.uri.queryParameters where !name.isEmpty {
            guard values.updateValue(String(value), forKey: String(name)) == nil else {
                errors.append(
                    ProblemError(
                        .parameter(String(name)), .duplicate, "This parameter stands more than once. Send it once."))
                continue
            }
            unread.append(String(name))
        }
    }

    mutating func integer(_ name: String, in range: ClosedRange<Int>, default standard: Int) -> Int {
        guard let text = take(name) else { return standard }
        let expectation = "Send an integer between \(range.lowerBound) and \(range.upperBound)."
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            errors.append(ProblemError(.parameter(name), .notAnInteger, expectation))
            return standard
        }
        guard let number = Int(text), range.contains(number) else {
            errors.append(ProblemError(.parameter(name), .outOfRange, expectation))
            return standard
        }
        return number
    }

    /// A value that `read` understands; nil when the parameter is left out or wrong.
    mutating func value<Value>(
        _ name: String, else code: ProblemError.Code, expecting expectation: String, read: (String) -> Value?
    ) -> Value? {
        guard let text = take(name) else { return nil }
        if let value = read(text) { return value }
        errors.append(ProblemError(.parameter(name), code, expectation))
        return nil
    }

    /// Remembers something else that is wrong with the request's address.
    mutating func note(_ error: ProblemError) { errors.append(error) }

    /// Refuses what is wrong, and every parameter that was not taken.
    func finish() throws(Problem) {
        let unknown = unread.map { name in
            ProblemError(.parameter(name), .unknownParameter, .nothing(called: "parameter", known: known))
        }
        let errors = errors + unknown
        guard errors.isEmpty else { throw .invalidParameters(errors) }
    }

    private mutating func take(_ name: String) -> String? {
        known.append(name)
        unread.removeAll { $0 == name }
        return values[name]
    }
}

import EventSourcing
package import Hummingbird
import HummingbirdCore

/// Reads the parameters of a query one by one, and records everything that is wrong with them.
package struct QueryParameters {
    private var values: [String: [String]] = [:]
    private var known: [String] = []
    /// In the order in which they were sent.
    private var unread: [String] = []
    private var errors: [ProblemError] = []

    /// - Parameter texts: parameters in which a plus is a space, as forms and many clients have it. In others it is one:
    ///   times have offsets.
    package init(of request: Request, texts: Set<String> = []) {
        for (name, value) in request.uri.queryParameters where !name.isEmpty {
            if values[String(name)] == nil { unread.append(String(name)) }
            values[String(name), default: []].append(String(value))
        }
        guard !texts.isEmpty, request.uri.string.utf8.contains(UInt8(ascii: "+")) else { return }
        let form = URI(request.uri.string.replacing("+", with: "%20")).queryParameters
        for name in texts where values[name] != nil { values[name] = form[values: Substring(name)].map(String.init) }
    }

    package mutating func integer(_ name: String, in range: ClosedRange<Int>, default standard: Int) -> Int {
        integer(name, in: Int64(range.lowerBound)...Int64(range.upperBound)).map(Int.init) ?? standard
    }

    /// An integer of the range; nil when the parameter is left out or wrong.
    package mutating func integer(_ name: String, in range: ClosedRange<Int64>) -> Int64? {
        guard let text = take(name) else { return nil }
        let expectation = "Send an integer between \(range.lowerBound) and \(range.upperBound)."
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            errors.append(ProblemError(.parameter(name), .notAnInteger, expectation))
            return nil
        }
        guard let number = Int64(text), range.contains(number) else {
            errors.append(ProblemError(.parameter(name), .outOfRange, expectation))
            return nil
        }
        return number
    }

    /// A value that `read` accepts; nil when the parameter is left out or wrong.
    package mutating func value<Value>(
        _ name: String, else code: ProblemError.Code, expecting expectation: String, read: (String) -> Value?
    ) -> Value? {
        guard let text = take(name) else { return nil }
        if let value = read(text) { return value }
        errors.append(ProblemError(.parameter(name), code, expectation))
        return nil
    }

    package mutating func bool(_ name: String) -> Bool? {
        value(name, else: .unknownValue, expecting: "Send true or false.") { ["true": true, "false": false][$0] }
    }

    /// Some of a type's values, in a parameter that is repeated or has them separated by commas. None when it is left out
    /// or wrong.
    package mutating func values<Value: RawRepresentable<String> & CaseIterable & Hashable>(
        _ name: String, as type: Value.Type
    ) -> Set<Value> {
        let texts = takeAll(name).flatMap { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let values = texts.compactMap { Value(rawValue: String($0)) }
        guard values.count == texts.count, texts.count <= type.allCases.count else {
            let all = type.allCases.map(\.rawValue).joined(separator: ", ")
            errors.append(ProblemError(.parameter(name), .unknownValue, "Send some of \(all), each of them once."))
            return []
        }
        return Set(values)
    }

    /// Records something else that is wrong with the request's address.
    package mutating func note(_ error: ProblemError) { errors.append(error) }

    /// Refuses what is wrong, and every parameter that was not taken.
    package func finish() throws(Problem) {
        let unknown = unread.map { name in
            ProblemError(.parameter(name), .unknownParameter, .nothing(called: "parameter", known: known))
        }
        let errors = errors + unknown
        guard errors.isEmpty else { throw .invalidParameters(errors) }
    }

    /// The parameters but some, as a text that does not depend on their order.
    package func text(without excluded: Set<String>) -> String {
        let pairs = values.filter { !excluded.contains($0.key) }.flatMap { name, values in
            values.map { "\(name)=\($0)" }
        }
        return pairs.sorted().joined(separator: "&")
    }

    private mutating func take(_ name: String) -> String? {
        let values = takeAll(name)
        guard values.count < 2 else {
            errors.append(
                ProblemError(.parameter(name), .duplicate, "This parameter stands more than once. Send it once."))
            return nil
        }
        return values.first
    }

    private mutating func takeAll(_ name: String) -> [String] {
        known.append(name)
        unread.removeAll { $0 == name }
        return values[name] ?? []
    }
}

/// Reads the members of a JSON object one by one, and records everything that is wrong with them.
package struct ObjectReader {
    /// Where the object is in the body: a JSON pointer, empty for the body itself.
    private let pointer: String
    private var values: [String: JSON] = [:]
    private var known: [String] = []
    private var unread: [String] = []
    private(set) var errors: [ProblemError] = []

    /// The object that is the body.
    ///
    /// - Throws: the ``Problem`` that the value is no object.
    package init(_ json: JSON) throws(Problem) {
        guard case .object(let members) = json else { throw .validationFailed([Self.noObject(json, at: "")]) }
        self.init(members, at: "")
    }

    private init(_ members: [JSON.Member], at pointer: String) {
        self.pointer = pointer
        for member in members {
            guard values.updateValue(member.value, forKey: member.name) == nil else {
                add(.duplicate, to: member.name, "This member stands more than once. Send it once.")
                continue
            }
            unread.append(member.name)
        }
    }

    private static func noObject(_ json: JSON, at pointer: String) -> ProblemError {
        ProblemError(.body(pointer), .wrongType, "Send an object in braces; this is \(json.kind).")
    }

    /// Whether the member is there and is not null.
    package func gives(_ name: String) -> Bool { values[name].map { $0 != .null } ?? false }

    /// Whether the member is there, null or not.
    package func stands(_ name: String) -> Bool { values[name] != nil }

    /// The value of a member that has to be there; nil when it is wrong.
    package mutating func required<Value>(_ name: String, as format: MemberFormat<Value>) -> Value? {
        guard let json = take(name) else {
            add(.required, to: name, "This member is required. \(format.expectation)")
            return nil
        }
        return read(json, of: name, as: format)
    }

    /// The value of a member that may be left out or null; nil also when it is wrong.
    package mutating func optional<Value>(_ name: String, as format: MemberFormat<Value>) -> Value? {
        guard let json = take(name), json != .null else { return nil }
        return read(json, of: name, as: format)
    }

    /// Accepts a member without reading it.
    package mutating func pass(over name: String) { _ = take(name) }

    /// The objects in an array that has to be there; nil when it is wrong, or one of them is.
    ///
    /// - Parameters:
    ///   - counts: how many objects there may be.
    ///   - read: takes the members out of one of them.
    package mutating func objects<Value>(
        _ name: String, counts: ClosedRange<Int>, read: (inout ObjectReader) -> Value?
    ) -> [Value]? {
        guard let elements = elements(name, counts: counts) else { return nil }
        let values = elements.enumerated().map { index, element -> Value? in
            let pointer = "\(pointer)/\(name)/\(index)"
            guard case .object(let members) = element else {
                errors.append(Self.noObject(element, at: pointer))
                return nil
            }
            var reader = ObjectReader(members, at: pointer)
            let value = read(&reader)
            errors += reader.allErrors
            return value
        }
        let read = values.compactMap(\.self)
        return read.count == values.count ? read : nil
    }

    /// The elements of an array of objects that has to be there, whatever they are; nil when it is wrong.
    ///
    /// - Parameter counts: how many there may be.
    package mutating func elements(_ name: String, counts: ClosedRange<Int>) -> [JSON]? {
        let expectation = "Send an array of \(counts.lowerBound) to \(counts.upperBound) objects."
        guard let json = take(name) else {
            add(.required, to: name, "This member is required. \(expectation)")
            return nil
        }
        guard case .array(let elements) = json else {
            add(.wrongType, to: name, expectation)
            return nil
        }
        guard counts.contains(elements.count) else {
            add(.outOfRange, to: name, "\(expectation) These are \(elements.count).")
            return nil
        }
        return elements
    }

    /// Notes that a member is wrong for a reason that its format does not know.
    package mutating func add(_ code: ProblemError.Code, to name: String, _ detail: String) {
        errors.append(ProblemError(.member(name, in: pointer), code, detail))
    }

    /// What is wrong with the object, once all its members are read: those that were not are unknown.
    package func problem() -> Problem? { allErrors.isEmpty ? nil : .validationFailed(allErrors) }

    private var allErrors: [ProblemError] {
        errors
            + unread.map { name in
                ProblemError(.member(name, in: pointer), .unknownMember, .nothing(called: "member", known: known))
            }
    }

    private mutating func take(_ name: String) -> JSON? {
        known.append(name)
        unread.removeAll { $0 == name }
        return values[name]
    }

    private mutating func read<Value>(_ json: JSON, of name: String, as format: MemberFormat<Value>) -> Value? {
        do {
            return try format.read(json)
        } catch {
            add(error.code, to: name, format.expectation)
            return nil
        }
    }
}

/// How a member is written, and how it is read.
package struct MemberFormat<Value>: Sendable {
    /// What to write, in a sentence.
    package let expectation: String
    package let read: @Sendable (JSON) throws(Mismatch) -> Value

    /// The value of a member is not what is expected.
    package struct Mismatch: Error {
        package let code: ProblemError.Code

        package init(code: ProblemError.Code) { self.code = code }
    }

    package init(expectation: String, read: @escaping @Sendable (JSON) throws(Mismatch) -> Value) {
        self.expectation = expectation
        self.read = read
    }

    /// A format that is written as a string.
    package static func text(
        _ expectation: String, else code: ProblemError.Code, read: @escaping @Sendable (String) -> Value?
    ) -> MemberFormat {
        MemberFormat(expectation: expectation) { json throws(Mismatch) in
            guard case .string(let text) = json else { throw Mismatch(code: .wrongType) }
            guard let value = read(text) else { throw Mismatch(code: code) }
            return value
        }
    }
}

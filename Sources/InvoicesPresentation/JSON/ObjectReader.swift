/// Takes the members of a JSON object out one by one, and remembers everything that is wrong with them.
struct ObjectReader {
    private var values: [String: JSON] = [:]
    private var known: [String] = []
    private var unread: [String] = []
    private(set) var errors: [ProblemError] = []

    /// - Throws: the ``Problem`` that the value is no object.
    init(_ json: JSON) throws(Problem) {
        guard case .object(let members) = json else {
            throw .validationFailed([
                ProblemError(.body(""), .wrongType, "Send an object in braces; this is \(json.kind).")
            ])
        }
        for member in members {
            guard values.updateValue(member.value, forKey: member.name) == nil else {
                errors.append(
                    ProblemError(.member(member.name), .duplicate, "This member stands more than once. Send it once."))
                continue
            }
            unread.append(member.name)
        }
    }

    /// The value of a member that has to be there; nil when it is wrong.
    mutating func required<Value>(_ name: String, as format: MemberFormat<Value>) -> Value? {
        guard let json = take(name) else {
            errors.append(ProblemError(.member(name), .required, "This member is required. \(format.expectation)"))
            return nil
        }
        return read(json, of: name, as: format)
    }

    /// The value of a member that may be left out or null; nil also when it is wrong.
    mutating func optional<Value>(_ name: String, as format: MemberFormat<Value>) -> Value? {
        guard let json = take(name), json != .null else { return nil }
        return read(json, of: name, as: format)
    }

    /// What is wrong with the object, once all its members are read: those that were not are unknown.
    func problem() -> Problem? {
        let unknown = unread.map { name in
            ProblemError(.member(name), .unknownMember, .nothing(called: "member", known: known))
        }
        let errors = errors + unknown
        return errors.isEmpty ? nil : .validationFailed(errors)
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
            errors.append(ProblemError(.member(name), error.code, format.expectation))
            return nil
        }
    }
}

/// How a member is written, and how it is read.
struct MemberFormat<Value>: Sendable {
    /// What to write, in a sentence.
    let expectation: String
    let read: @Sendable (JSON) throws(Mismatch) -> Value

    /// The value of a member is not what is expected.
    struct Mismatch: Error {
        let code: ProblemError.Code
    }

    /// A format that is written as a string.
    static func text(
        _ expectation: String, else code: ProblemError.Code, read: @escaping @Sendable (String) -> Value?
    ) -> MemberFormat {
        MemberFormat(expectation: expectation) { json throws(Mismatch) in
            guard case .string(let text) = json else { throw Mismatch(code: .wrongType) }
            guard let value = read(text) else { throw Mismatch(code: code) }
            return value
        }
    }
}

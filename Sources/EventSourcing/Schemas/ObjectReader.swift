/// Reads the members of a JSON object one by one, and records everything that is wrong with them, and what they mean.
package struct ObjectReader {
    /// Where the object is in the text: a JSON pointer, empty for the text itself.
    private let pointer: String
    private var values: [String: JSON] = [:]
    private var known: [String] = []
    private var unread: [String] = []
    private var meanings: [JSON.Member] = []
    private var errors: [FieldError] = []

    /// Reads the object that a JSON text is.
    ///
    /// - Parameter read: takes the members out of it; nil when one of them is wrong.
    /// - Returns: what it says, and what it means; see ``meaning``.
    /// - Throws: ``InvalidFields`` with everything that is wrong with the text.
    package static func readFields<Value>(
        of json: JSON, _ read: (inout ObjectReader) -> Value?
    ) throws(InvalidFields) -> (value: Value, meaning: JSON) {
        guard case .object(let members) = json else { throw InvalidFields([noObject(json, at: "")]) }
        var reader = ObjectReader(members, at: "")
        let value = read(&reader)
        let errors = reader.allErrors
        guard let value, errors.isEmpty else { throw InvalidFields(errors) }
        return (value, reader.meaning)
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

    private static func noObject(_ json: JSON, at pointer: String) -> FieldError {
        FieldError(pointer, .wrongType, "Send an object in braces; this is \(json.kind).")
    }

    /// Whether the member is there and is not null.
    package func gives(_ name: String) -> Bool { values[name].map { $0 != .null } ?? false }

    /// Whether the member is there, null or not.
    package func stands(_ name: String) -> Bool { values[name] != nil }

    /// What the members that were read say, each as its format writes it. Two objects that say the same have the same one,
    /// however they are written: null and what is left out, a default that is spelled out, and other spellings of a value.
    package var meaning: JSON { .object(meanings) }

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

    /// The value of a member that may be left out or null, which mean the default; that also when it is wrong.
    package mutating func optional<Value: Equatable>(
        _ name: String, as format: MemberFormat<Value>, default standard: Value
    ) -> Value {
        guard let value = optional(name, as: format), value != standard else {
            disregard(name)
            return standard
        }
        return value
    }

    /// Removes a member from the meaning, because its value is the default.
    package mutating func disregard(_ name: String) { meanings.removeAll { $0.name == name } }

    /// The value of a member that may be left out, and for which null says something: `.some(nil)`. Nil when it is left
    /// out, and when it is wrong.
    package mutating func nullable<Value>(_ name: String, as format: MemberFormat<Value>) -> Value?? {
        guard let json = take(name) else { return nil }
        guard json != .null else {
            meanings.append(JSON.Member(name: name, value: .null))
            return .some(nil)
        }
        return read(json, of: name, as: format).map(Optional.some)
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
        var meanings: [JSON] = []
        let values = elements.enumerated().map { index, element -> Value? in
            let pointer = "\(pointer)/\(name)/\(index)"
            guard case .object(let members) = element else {
                errors.append(Self.noObject(element, at: pointer))
                return nil
            }
            let (value, meaning) = readObject(members, at: pointer, read)
            meanings.append(meaning)
            return value
        }
        self.meanings.append(JSON.Member(name: name, value: .array(meanings)))
        let read = values.compactMap(\.self)
        return read.count == values.count ? read : nil
    }

    /// The object that a member is, which may be left out or null unless it is required; nil also when it is wrong.
    package mutating func object<Value>(
        _ name: String, isRequired: Bool, read: (inout ObjectReader) -> Value?
    ) -> Value? {
        let expectation = "Send an object in braces."
        guard let json = take(name), isRequired || json != .null else {
            if isRequired { add(.required, to: name, "This member is required. \(expectation)") }
            return nil
        }
        guard case .object(let members) = json else {
            add(.wrongType, to: name, expectation)
            return nil
        }
        let (value, meaning) = readObject(members, at: FieldError.pointer(to: name, in: pointer), read)
        meanings.append(JSON.Member(name: name, value: meaning))
        return value
    }

    private mutating func readObject<Value>(
        _ members: [JSON.Member], at pointer: String, _ read: (inout ObjectReader) -> Value?
    ) -> (Value?, meaning: JSON) {
        var reader = ObjectReader(members, at: pointer)
        let value = read(&reader)
        errors += reader.allErrors
        return (value, reader.meaning)
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
    package mutating func add(_ code: FieldError.Code, to name: String, _ detail: String) {
        errors.append(FieldError(FieldError.pointer(to: name, in: pointer), code, detail))
    }

    /// What is wrong with the object, once all its members are read: those that were not are unknown.
    private var allErrors: [FieldError] {
        errors
            + unread.map { name in
                FieldError(
                    FieldError.pointer(to: name, in: pointer), .unknownMember,
                    .nothing(called: "member", known: known))
            }
    }

    private mutating func take(_ name: String) -> JSON? {
        known.append(name)
        unread.removeAll { $0 == name }
        return values[name]
    }

    private mutating func read<Value>(_ json: JSON, of name: String, as format: MemberFormat<Value>) -> Value? {
        do {
            let value = try format.read(json)
            meanings.append(JSON.Member(name: name, value: format.written(value)))
            return value
        } catch {
            add(error.code, to: name, error.detail ?? format.expectation)
            return nil
        }
    }
}

extension String {
    /// That a member or parameter does not exist, and which ones do.
    package static func nothing(called kind: String, known: [String]) -> String {
        guard !known.isEmpty else { return "There is no such \(kind) here, and none is expected." }
        return "There is no such \(kind) here. Known \(kind)s: \(known.joined(separator: ", "))."
    }
}

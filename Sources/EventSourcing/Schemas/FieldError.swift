/// One wrong value of a JSON text: where it is, what is wrong, and what is expected.
public struct FieldError: Hashable, Sendable, CustomStringConvertible {
    /// A JSON pointer (RFC 6901); empty for the whole text.
    public let pointer: String
    public let code: Code
    /// A sentence that says what to write.
    public let detail: String

    public init(_ pointer: String, _ code: Code, _ detail: String) {
        self.pointer = pointer
        self.code = code
        self.detail = detail
    }

    public var description: String { "\(pointer.isEmpty ? "the whole" : pointer): \(detail) (\(code.name))" }

    /// The pointer to a member of the object at `pointer`, which is the whole text unless stated.
    package static func pointer(to name: String, in pointer: String = "") -> String {
        pointer + "/" + name.replacing("~", with: "~0").replacing("/", with: "~1")
    }

    /// What is wrong, for programs. Codes never change; new ones may come. A context declares its own as further static
    /// members.
    public struct Code: Hashable, Sendable {
        public let name: String

        public init(_ name: String) { self.name = name }
    }
}

extension FieldError.Code {
    public static let required = Self("required")
    public static let wrongType = Self("wrong-type")
    public static let duplicate = Self("duplicate")
    public static let unknownMember = Self("unknown-member")
    public static let notAnInteger = Self("not-an-integer")
    public static let outOfRange = Self("out-of-range")
    public static let notAUUID = Self("not-a-uuid")
    public static let notATime = Self("not-a-time")
    /// The value contradicts another one.
    public static let contradiction = Self("contradiction")
    public static let unknownValue = Self("unknown-value")
    public static let invalidText = Self("invalid-text")
}

/// A JSON text whose values are not what they should be: all of them that are wrong.
public struct InvalidFields: Error, Hashable, Sendable, CustomStringConvertible {
    /// At least one.
    public let errors: [FieldError]

    public init(_ errors: [FieldError]) { self.errors = errors }

    public var description: String { errors.map(\.description).joined(separator: "; ") }
}

extension InvalidFields: CategorizedError {
    public var category: ErrorCategory { .validation }
}

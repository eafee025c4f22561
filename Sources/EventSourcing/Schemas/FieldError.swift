/// One wrong value of a JSON text: where it is, what is wrong, and what is expected.
public struct FieldError: Hashable, Sendable, CustomStringConvertible {
    /// A JSON pointer (RFC 6901); empty for the whole text.
    public let pointer: String
    /// What is wrong, for programs.
    public let code: Code
    /// A sentence that says what to write.
    public let detail: String

    /// For schemas of one's own.
    public init(_ pointer: String, _ code: Code, _ detail: String) {
        self.pointer = pointer
        self.code = code
        self.detail = detail
    }

    /// The pointer, what is wrong, and the code.
    public var description: String { "\(pointer.isEmpty ? "the whole" : pointer): \(detail) (\(code.name))" }

    /// The pointer to a member of the object at `pointer`, which is the whole text unless stated.
    package static func pointer(to name: String, in pointer: String = "") -> String {
        pointer + "/" + name.replacing("~", with: "~0").replacing("/", with: "~1")
    }

    /// What is wrong, for programs. Codes never change; new ones may come. A context declares its own as further static
    /// members.
    public struct Code: Hashable, Sendable {
        /// The code, for programs.
        public let name: String

        /// A code of one's own; it never changes.
        public init(_ name: String) { self.name = name }
    }
}

extension FieldError.Code {
    /// A member that is missing.
    public static let required = Self("required")
    /// A value of another JSON type.
    public static let wrongType = Self("wrong-type")
    /// A member that is there twice.
    public static let duplicate = Self("duplicate")
    /// A member that the schema does not have.
    public static let unknownMember = Self("unknown-member")
    /// A number with a fraction.
    public static let notAnInteger = Self("not-an-integer")
    /// A number or a length that is too small or too large.
    public static let outOfRange = Self("out-of-range")
    /// A text that is no UUID.
    public static let notAUUID = Self("not-a-uuid")
    /// A text that is no RFC 3339 time.
    public static let notATime = Self("not-a-time")
    /// The value contradicts another one.
    public static let contradiction = Self("contradiction")
    /// A text that is none of those that are allowed.
    public static let unknownValue = Self("unknown-value")
    /// A text that breaks its rule.
    public static let invalidText = Self("invalid-text")
}

/// A JSON text whose values are not what they should be: all of them that are wrong.
public struct InvalidFields: Error, Hashable, Sendable, CustomStringConvertible {
    /// At least one.
    public let errors: [FieldError]

    /// For schemas of one's own; there is at least one error.
    public init(_ errors: [FieldError]) { self.errors = errors }

    /// Every error, one after another.
    public var description: String { errors.map(\.description).joined(separator: "; ") }
}

extension InvalidFields: CategorizedError {
    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }
}

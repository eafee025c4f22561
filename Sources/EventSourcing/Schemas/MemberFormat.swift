/// How a member is written, and how it is read.
package struct MemberFormat<Value>: Sendable {
    /// What to write, in a sentence.
    package let expectation: String
    package let read: @Sendable (JSON) throws(Mismatch) -> Value
    /// The one way in which a value is written, whatever it was read from.
    let written: @Sendable (Value) -> JSON

    /// The value of a member is not what is expected.
    package struct Mismatch: Error {
        package let code: FieldError.Code
        /// What is wrong and what to write, where the format's expectation does not say it.
        package let detail: String?

        package init(code: FieldError.Code, detail: String? = nil) {
            self.code = code
            self.detail = detail
        }
    }

    package init(
        expectation: String, written: @escaping @Sendable (Value) -> JSON,
        read: @escaping @Sendable (JSON) throws(Mismatch) -> Value
    ) {
        self.expectation = expectation
        self.read = read
        self.written = written
    }

    /// A format that is written as a string.
    ///
    /// - Parameter written: the one spelling of a value.
    package static func text(
        _ expectation: String, else code: FieldError.Code, written: @escaping @Sendable (Value) -> String,
        read: @escaping @Sendable (String) -> Value?
    ) -> MemberFormat {
        MemberFormat(expectation: expectation, written: { .string(written($0)) }) { json throws(Mismatch) in
            guard case .string(let text) = json else { throw Mismatch(code: .wrongType) }
            guard let value = read(text) else { throw Mismatch(code: code) }
            return value
        }
    }

    /// A format that is written as a string, the description of the value.
    package static func text(
        _ expectation: String, else code: FieldError.Code, read: @escaping @Sendable (String) -> Value?
    ) -> MemberFormat where Value: CustomStringConvertible {
        text(expectation, else: code, written: \.description, read: read)
    }
}

import EventSourcing

/// One wrong value of a request: where it is, what is wrong, and what is expected.
package struct ProblemError: Hashable, Sendable {
    package let place: Place
    package let code: Code
    package let detail: String

    package init(_ place: Place, _ code: Code, _ detail: String) {
        self.place = place
        self.code = code
        self.detail = detail
    }

    /// The same error of a value that is deeper in the body.
    func located(at pointer: String) -> ProblemError {
        guard case .body(let place) = place else { return self }
        return ProblemError(.body(pointer + place), code, detail)
    }

    package enum Place: Hashable, Sendable {
        /// A JSON pointer (RFC 6901) into the body.
        case body(String)
        /// A parameter of the path or the query.
        case parameter(String)
        case header(String)

        /// A member of the object at a JSON pointer, which is the body unless stated.
        package static func member(_ name: String, in pointer: String = "") -> Place {
            .body(pointer + "/" + name.replacing("~", with: "~0").replacing("/", with: "~1"))
        }
    }

    /// What is wrong, for programs. Codes never change; new ones may come. A context declares its own as further static
    /// members.
    package struct Code: Hashable, Sendable {
        package let name: String

        package init(_ name: String) { self.name = name }
    }
}

extension ProblemError.Code {
    package static let required = Self("required")
    package static let wrongType = Self("wrong-type")
    package static let duplicate = Self("duplicate")
    package static let unknownMember = Self("unknown-member")
    package static let unknownParameter = Self("unknown-parameter")
    package static let notAnInteger = Self("not-an-integer")
    package static let outOfRange = Self("out-of-range")
    package static let notAUUID = Self("not-a-uuid")
    package static let notADate = Self("not-a-date")
    package static let notATime = Self("not-a-time")
    package static let notARevision = Self("not-a-revision")
    /// The value contradicts another one.
    package static let contradiction = Self("contradiction")
    package static let unknownValue = Self("unknown-value")
    package static let invalidText = Self("invalid-text")
    package static let invalidCursor = Self("invalid-cursor")
    package static let invalidEventID = Self("invalid-event-id")
    package static let invalidEntityTag = Self("invalid-entity-tag")
    package static let invalidIdempotencyKey = Self("invalid-idempotency-key")
    package static let invalidConsistencyToken = Self("invalid-consistency-token")

    /// Those that every API has.
    package static let conventional = [
        required, wrongType, duplicate, unknownMember, unknownParameter, notAnInteger, outOfRange, notAUUID, notADate,
        notATime, notARevision, contradiction, unknownValue, invalidText, invalidCursor, invalidEventID,
        invalidEntityTag, invalidIdempotencyKey, invalidConsistencyToken,
    ]
}

extension String {
    /// That a member or parameter does not exist, and which ones do.
    static func nothing(called kind: String, known: [String]) -> String {
        guard !known.isEmpty else { return "There is no such \(kind) here, and none is expected." }
        return "There is no such \(kind) here. Known \(kind)s: \(known.joined(separator: ", "))."
    }
}

extension JSONWriter {
    mutating func problemError(_ error: ProblemError) {
        object { json in
            switch error.place {
            case .body(let pointer): json.member("pointer", pointer)
            case .parameter(let name): json.member("parameter", name)
            case .header(let name): json.member("header", name)
            }
            json.member("code", error.code.name)
            json.member("detail", error.detail)
        }
    }
}

package import EventSourcing

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

    /// A wrong value of the body.
    package init(_ error: FieldError) { self.init(.body(error.pointer), error.code, error.detail) }

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
            .body(FieldError.pointer(to: name, in: pointer))
        }
    }

    package typealias Code = FieldError.Code
}

extension FieldError.Code {
    package static let unknownParameter = Self("unknown-parameter")
    package static let notADate = Self("not-a-date")
    package static let notARevision = Self("not-a-revision")
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

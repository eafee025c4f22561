/// One wrong value of a request: where it stands, what is wrong, and what is expected.
struct ProblemError: Hashable, Sendable {
    let place: Place
    let code: Code
    let detail: String

    init(_ place: Place, _ code: Code, _ detail: String) {
        self.place = place
        self.code = code
        self.detail = detail
    }

    /// The same in a value that stands deeper in the body.
    func located(at pointer: String) -> ProblemError {
        guard case .body(let place) = place else { return self }
        return ProblemError(.body(pointer + place), code, detail)
    }

    enum Place: Hashable, Sendable {
        /// A JSON pointer (RFC 6901) into the body.
        case body(String)
        /// A parameter of the path or the query.
        case parameter(String)
        case header(String)

        /// A member of the object at a JSON pointer, which is the body unless stated.
        static func member(_ name: String, in pointer: String = "") -> Place {
            .body(pointer + "/" + name.replacing("~", with: "~0").replacing("/", with: "~1"))
        }
    }

    /// What is wrong, for programs. Codes stay as they are; new ones may come.
    enum Code: String, Sendable {
        case required
        case wrongType = "wrong-type"
        case duplicate
        case unknownMember = "unknown-member"
        case unknownParameter = "unknown-parameter"
        case notAnInteger = "not-an-integer"
        case outOfRange = "out-of-range"
        case notAUUID = "not-a-uuid"
        case notADate = "not-a-date"
        case notATime = "not-a-time"
        case notARevision = "not-a-revision"
        case notAQuantity = "not-a-quantity"
        case invalidDescription = "invalid-description"
        case invalidSeries = "invalid-series"
        case unknownMethod = "unknown-method"
        /// The member says something else than another one does.
        case contradiction
        case unknownCurrency = "unknown-currency"
        case unknownValue = "unknown-value"
        case invalidNumber = "invalid-number"
        case invalidText = "invalid-text"
        case invalidReference = "invalid-reference"
        case invalidReason = "invalid-reason"
        case invalidCursor = "invalid-cursor"
        case invalidEventID = "invalid-event-id"
        case invalidEntityTag = "invalid-entity-tag"
        case invalidIdempotencyKey = "invalid-idempotency-key"
        case invalidConsistencyToken = "invalid-consistency-token"
    }
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
            json.member("code", error.code.rawValue)
            json.member("detail", error.detail)
        }
    }
}

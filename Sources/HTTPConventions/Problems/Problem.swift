package import EventSourcing
package import HTTPTypes
package import Hummingbird

/// Why a request is not carried out, as the caller is told (RFC 9457).
package struct Problem: Error {
    package let kind: ProblemKind
    /// What is wrong with this request, and what to do.
    package let detail: String
    /// Everything that is wrong with the request, where it has several parts.
    package let errors: [ProblemError]
    package let headers: HTTPFields

    package init(
        _ kind: ProblemKind, _ detail: String? = nil, errors: [ProblemError] = [], headers: HTTPFields = [:]
    ) {
        self.kind = kind
        self.detail = detail ?? kind.advice
        self.errors = errors
        self.headers = headers
    }

    package static func validationFailed(_ errors: [ProblemError]) -> Problem {
        let count = errors.count == 1 ? "1 value is" : "\(errors.count) values are"
        return Problem(
            .validationFailed, "\(count) wrong; see errors. \(nothingStored)",
            errors: Array(errors.prefix(mostErrors)))
    }

    package static func invalidParameters(_ errors: [ProblemError]) -> Problem {
        let count = errors.count == 1 ? "1 parameter is" : "\(errors.count) parameters are"
        return Problem(.invalidParameters, "\(count) wrong; see errors.", errors: Array(errors.prefix(mostErrors)))
    }

    package static func nothing(at request: Request) -> Problem {
        Problem(.notFound, "Nothing is at \(request.uri.path.prefix(200)). \(ProblemKind.notFound.advice)")
    }

    private static let nothingStored = "Nothing was stored."

    /// A request with thousands of mistakes is answered with the first of them.
    private static let mostErrors = 50

    /// The same problem, of one of several values in a body. The others may well have been stored.
    ///
    /// - Parameter pointer: a JSON pointer to that value.
    package func located(at pointer: String) -> Problem {
        let detail = detail.replacing(Self.nothingStored, with: "This one was not stored.")
        return Problem(kind, detail, errors: errors.map { $0.located(at: pointer) }, headers: headers)
    }

    func response(correlationID: String) -> Response {
        let (head, body) = parts(correlationID: correlationID)
        return Response(
            status: head.status, headers: head.headerFields, body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }

    /// The answer's head and body.
    func parts(correlationID: String) -> (head: HTTPResponse, body: [UInt8]) {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        let body = JSONWriter.bytes { $0.problem(self, correlationID: correlationID) }
        return (HTTPResponse(status: kind.status, headerFields: headers), body)
    }
}

extension JSONWriter {
    package mutating func problem(_ problem: Problem, correlationID: String) {
        let kind = problem.kind
        object { json in
            json.member("type", kind.type)
            json.member("title", kind.title)
            json.member("status", Int64(kind.status.code))
            json.member("code", kind.code)
            json.member("detail", problem.detail)
            json.member("correlationId", correlationID)
            if !problem.errors.isEmpty {
                json.member("errors") { $0.array(problem.errors) { $0.problemError($1) } }
            }
        }
    }
}

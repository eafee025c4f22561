package import EventSourcing
import HTTPTypes
package import InvoicesDomain

/// A refusal as it is kept with its command: the status in two bytes, then the body of the problem.
struct KeptProblem {
    let status: HTTPResponse.Status
    let body: [UInt8]

    init(reading bytes: [UInt8]) {
        status = HTTPResponse.Status(code: Int(UInt16(bigEndianBytes: bytes.prefix(2))))
        body = Array(bytes.dropFirst(2))
    }
}

extension InvoicesAPI {
    /// What is remembered of a refusal: that the invoice's rules do not allow what was asked. A mistake in the request
    /// itself, or an invoice that does not exist, is found again whenever the request comes again.
    package static func written(_ refusal: InvoiceError, in context: MessageContext) -> [UInt8]? {
        let problem = Problem(refusal)
        guard problem.kind.status == .conflict else { return nil }
        let (head, body) = problem.parts(correlationID: context.correlationID)
        return UInt16(head.status.code).bigEndianBytes + body
    }
}

import HTTPTypes
package import Hummingbird

extension Request {
    /// Whether the request is safe: it changes nothing.
    package var isRead: Bool { method == .get || method == .head }

    /// Refuses an expectation other than `100-continue` (RFC 9110, section 10.1.1).
    func checkExpectation() throws(Problem) {
        guard let expected = headers[.expect] else { return }
        let isKnown = expected.split(separator: ",").allSatisfy { element in
            element.filter { $0 != " " && $0 != "\t" }.lowercased() == "100-continue"
        }
        guard isKnown else { throw Problem(.expectationFailed) }
    }
}

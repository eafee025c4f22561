import Crypto
package import EventSourcing
import FoundationEssentials
package import HTTPTypes
import Hummingbird

extension APIRequestContext {
    /// What makes a write that is sent twice one write: its `Idempotency-Key`, and a hash of what it asks for.
    ///
    /// The hash is of what was understood, not of what was written: two spellings of the same request are one.
    ///
    /// - Parameter meaning: what the body says; see ``ObjectReader/meaning``. A body that says nothing is as none.
    /// - Returns: nil for a write without a key.
    package func command(_ method: HTTPRequest.Method, meaning: JSON) throws -> CommandKey? {
        guard let idempotencyKey else { return nil }
        var hash = SHA256()
        hash.update(data: Array("\(method.rawValue) \(path)\n".utf8))
        if meaning != .object([]) { hash.update(data: JSONWriter.bytes { $0.canonical(meaning) }) }
        return try CommandKey(id: idempotencyKey, requestHash: Array(hash.finalize()))
    }

    /// The path of the route with its ids, each in the one spelling of it.
    private var path: String {
        parameters.reduce(into: endpointPath ?? "") { path, parameter in
            let value = String(parameter.value)
            path = path.replacing("{\(parameter.key)}", with: UUID(text: value)?.text ?? value)
        }
    }
}

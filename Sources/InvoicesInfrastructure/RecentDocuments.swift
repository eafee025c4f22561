import EventSourcing
import InvoicesApplication
import InvoicesDomain
import Synchronization

/// The documents that the projection of this process has written last: who answers a write need not read them.
///
/// What a document says is the same for an invoice and a revision, whoever writes it and however the transaction ends.
package final class RecentDocuments: Sendable {
    private struct State {
        var documents: [InvoiceKey: (document: InvoiceDocument, place: Int)] = [:]
        /// The keys, the oldest to be replaced next.
        var keys: [InvoiceKey] = []
        var next = 0

        mutating func keep(_ document: InvoiceDocument, under key: InvoiceKey, limit: Int) {
            if keys.count < limit {
                keys.append(key)
            } else {
                if documents[keys[next]]?.place == next { documents[keys[next]] = nil }
                keys[next] = key
            }
            documents[key] = (document, next)
            next = (next + 1) % limit
        }
    }

    private let state = Mutex(State())
    private let limit: Int

    /// - Parameter limit: how many are kept.
    package init(limit: Int = 1_024) { self.limit = limit }

    func keep(_ documents: some Sequence<(key: InvoiceKey, document: InvoiceDocument)>) {
        state.withLock { state in
            for (key, document) in documents { state.keep(document, under: key, limit: limit) }
        }
    }

    /// The document of an invoice if it is kept and shows that revision, or a later one.
    func document(of key: InvoiceKey, atLeast revision: Revision) -> InvoiceDocument? {
        let kept = state.withLock { $0.documents[key]?.document }
        return kept.flatMap { $0.revision >= revision ? $0 : nil }
    }
}

import EventSourcing
import FoundationEssentials
package import HTTPConventions
import InvoicesDomain

package typealias InvoicesRequestContext = APIRequestContext

extension APIRequestContext {
    /// The context of the command or query that the request becomes.
    func message(for tenant: TenantID, by command: CommandKey? = nil, at now: Date) -> MessageContext {
        MessageContext(
            tenant: tenant, correlationID: correlationID, command: command, caller: caller, traceparent: traceparent,
            source: InvoicesAPI.source, now: now)
    }
}

extension RequestLimits {
    /// In minor units.
    static let amounts = 1...Money.largestInvoice
}

extension JSONWriter {
    mutating func member(_ name: StaticString, _ id: some EntityID) { member(name, id.rawValue) }
}

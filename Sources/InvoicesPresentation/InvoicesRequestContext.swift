import EventSourcing
package import HTTPConventions
import InvoicesDomain

package typealias InvoicesRequestContext = APIRequestContext

extension APIRequestContext {
    /// The context of the command or query that the request becomes.
    func message(for tenant: TenantID, by command: CommandKey? = nil) -> MessageContext {
        message(for: tenant, from: InvoicesAPI.source, by: command)
    }
}

extension RequestLimits {
    /// In minor units.
    static let amounts = 1...Money.largestInvoice
}

extension JSONWriter {
    mutating func member(_ name: StaticString, _ id: some EntityID) { member(name, id.rawValue) }
}

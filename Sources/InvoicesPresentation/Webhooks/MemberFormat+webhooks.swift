import EventSourcing
import HTTPConventions
import InvoicesDomain

extension MemberFormat where Value == WebhookURL {
    /// An address that the policy allows, as far as the address itself says it.
    static func webhookURL(_ policy: WebhookNetworkPolicy) -> MemberFormat {
        MemberFormat(
            expectation: "Send an address that begins with https://, such as https://example.com/hooks.",
            written: { .string($0.description) }
        ) { json throws(Mismatch) in
            guard case .string(let text) = json else { throw Mismatch(code: .wrongType) }
            let url: WebhookURL
            do throws(InvalidName) { url = try WebhookURL(text) } catch {
                throw Mismatch(code: .invalidURL, detail: "This is no usable address: \(error.rule).")
            }
            guard let refusal = policy.refusal(of: url) else { return url }
            throw Mismatch(code: .addressRefused, detail: "The service does not send to this address: \(refusal).")
        }
    }
}

extension MemberFormat where Value == WebhookEventTypes {
    /// Names of event types, beginnings of them, or `*` for all of invoices. One that no event of invoices has is refused.
    static let webhookEventTypes = MemberFormat(
        expectation: """
            Send an array of 1 to \(WebhookEventTypes.mostPatterns) event types \
            (\(InvoiceEvent.Name.allCases.map(\.rawValue).joined(separator: ", "))), of beginnings such as \
            invoices.invoice.*, or of * for all of invoices.
            """, written: { .array($0.patterns.map(JSON.string)) }
    ) { json throws(Mismatch) in
        guard case .array(let elements) = json else { throw Mismatch(code: .wrongType) }
        var patterns: [String] = []
        for element in elements {
            guard case .string(let text) = element else { throw Mismatch(code: .wrongType) }
            patterns.append(text)
        }
        let types: WebhookEventTypes
        do throws(InvalidName) { types = try WebhookEventTypes(ofInvoices: patterns) } catch {
            throw Mismatch(code: patterns.isEmpty ? .outOfRange : .unknownEventType)
        }
        for pattern in types.patterns {
            let isOfAny = InvoiceEvent.Name.allCases.contains {
                WebhookEventTypes(stored: [pattern]).matches($0.rawValue)
            }
            guard isOfAny else { throw Mismatch(code: .unknownEventType) }
        }
        return types
    }
}

extension ProblemError.Code {
    static let invalidURL = Self("invalid-url")
    static let addressRefused = Self("address-refused")
    static let unknownEventType = Self("unknown-event-type")
    static let unknownEvent = Self("unknown-event")

    /// Those that only webhooks have.
    static let ofWebhooks = [invalidURL, addressRefused, unknownEventType, unknownEvent]
}

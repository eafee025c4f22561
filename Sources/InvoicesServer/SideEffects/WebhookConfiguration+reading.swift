import Configuration
import EventSourcing
import Webhooks

extension WebhookConfiguration {
    /// Configuration keys: `webhooks.source`, `webhooks.allow.private.networks`, `webhooks.timeout`,
    /// `webhooks.disable.after`.
    ///
    /// - Throws: ``Failure`` that names the setting, its value and what is expected.
    init(reading reader: ConfigReader, tenant: TenantID) throws(Failure) {
        self.init(
            source: try reader.value(
                forKey: "webhooks.source", default: "urn:invoices:\(tenant)",
                expected: "an absolute URI, such as https://acme.example/invoices"
            ) { CloudEvent.isSource($0) ? $0 : nil })
        let allowsPrivate = try reader.value(
            forKey: "webhooks.allow.private.networks", default: false, expected: "yes or no"
        ) { ["yes": true, "no": false][$0.lowercased()] }
        policy = allowsPrivate ? .privateNetworks : .publicInternet
        timeout = try reader.seconds(forKey: "webhooks.timeout", default: timeout)
        deadAfter = try reader.value(
            forKey: "webhooks.disable.after", default: deadAfter, expected: "a number of hours from 1 to 720"
        ) { text in Int(text).flatMap { (1...720).contains($0) ? .seconds($0 * 3_600) : nil } }
    }
}

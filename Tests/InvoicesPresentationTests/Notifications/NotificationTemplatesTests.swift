import Foundation
import InvoicesApplication
import InvoicesDomain
import Testing

@testable import InvoicesPresentation

/// Every template in every language, against the texts in `Fixtures/`. A change of a template changes its file there.
@Suite struct NotificationTemplatesTests {
    private static let all = NotificationLanguage.allCases.flatMap { language in
        NotificationTemplate.allCases.map { ($0, language) }
    }

    /// - Parameter text: what somebody has written, in all places where people write.
    private func notification(
        _ template: NotificationTemplate, _ language: NotificationLanguage, text: String = "PO 4711 & <Söhne>",
        isBare: Bool = false, isNumbered: Bool = true
    ) throws -> InvoiceNotification {
        let terms = InvoiceTerms(
            customerId: CustomerID(try #require(UUID(uuidString: "0190a1b2-0000-7000-8000-0000000000c1"))),
            currency: "EUR", amount: 1_234_567,
            dueDate: isBare && ![.overdue, .reminder].contains(template) ? nil : CalendarDate("2026-12-31"),
            reference: isBare ? nil : text)
        let id = InvoiceID(try #require(UUID(uuidString: "0190a1b2-0000-7000-8000-0000000000a1")))
        let time = Date(timeIntervalSince1970: 1_795_000_000)
        var invoice = Invoice()
        let created = InvoiceEvent.created(
            InvoiceCreated(invoiceId: id, terms: terms, createdAt: time, issuedIn: .standard))
        invoice.evolve(isNumbered ? created.numbered(42) : created)
        var payment: NotificationValues.Payment?
        switch template {
        case .created, .overdue, .reminder: break
        case .paid:
            let amount: Int64 = isBare ? 1_234_567 : 234_567
            invoice.evolve(
                .paymentReceived(
                    InvoicePaymentReceived(
                        invoiceId: id, paymentId: PaymentID(UUID()), amount: amount, paidAt: time)))
            payment = .init(
                amount: amount, day: try #require(CalendarDate("2026-11-20")), reference: isBare ? nil : text)
        case .reversed:
            payment = .init(amount: 234_567, day: try #require(CalendarDate("2026-11-21")), reason: text)
        }
        return InvoiceNotification(
            id: "n", template: template, language: language, recipient: nil,
            values: NotificationValues(try #require(invoice.details), payment: payment))
    }

    /// As it is frozen: what only the eye can miss is made visible.
    private func frozen(_ message: NotificationMessage) -> String {
        "\(message.subject)\n\n\(message.text)\n\(message.html)"
            .replacing("\u{A0}", with: "~").replacing("\u{202F}", with: "_")
    }

    @Test(arguments: all)
    func `a template says what is frozen of it`(
        _ template: NotificationTemplate, _ language: NotificationLanguage
    ) throws {
        let found = frozen(try NotificationTemplates().render(notification(template, language)))
        let bare = frozen(try NotificationTemplates().render(notification(template, language, isBare: true)))
        let name = "\(template.rawValue).\(language.rawValue)"
        if let folder = ProcessInfo.processInfo.environment["FREEZE_NOTIFICATIONS"] {
            try Data((found + "\n---\n\n" + bare).utf8).write(to: URL(filePath: "\(folder)/\(name).txt"))
        }
        let file = try #require(Bundle.module.url(forResource: name, withExtension: "txt", subdirectory: "Fixtures"))
        #expect(found + "\n---\n\n" + bare == (try String(contentsOf: file, encoding: .utf8)))
    }

    @Test(arguments: all)
    func `a template names nothing that it does not have`(
        _ template: NotificationTemplate, _ language: NotificationLanguage
    ) throws {
        for isBare in [false, true] {
            let message = try NotificationTemplates().render(notification(template, language, isBare: isBare))
            for text in [message.subject, message.text, message.html] {
                #expect(!text.contains("{{") && !text.contains("}}") && !text.contains("Optional"))
                #expect(!text.contains("  ") || text == message.html, "a member is empty: \(text)")
                #expect(!text.isEmpty)
            }
            #expect(!message.subject.contains("\n"))
            #expect(message.text.contains("INV-2026-000042"))
        }
    }

    @Test(arguments: [
        "a\r\nBcc: x@evil.example", "a\nb", "a\u{2028}b", "{{{number}}}", "{{#html}}", "<script>alert(1)</script>",
        "\"><img src=x>", "a & b", "<\u{338}script>", "</title><b>", "{{>layout}}", "\u{0}",
    ])
    func `what people have written has no meaning but its own`(text: String) throws {
        for (template, language) in Self.all {
            let message = try NotificationTemplates().render(notification(template, language, text: text))
            let plain = try NotificationTemplates().render(notification(template, language, text: "plain"))
            func marks(_ page: String) -> Int { page.unicodeScalars.count { "<>\"'".unicodeScalars.contains($0) } }
            #expect(marks(message.html) == marks(plain.html), "\(template)")
            #expect(message.subject == plain.subject)
            func lines(_ text: String) -> Int {
                text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).count
            }
            #expect(lines(message.text) == lines(plain.text), "\(template)")
        }
    }

    @Test func `amounts have the digits of their currency, written as the language has it`() throws {
        let values = try notification(.created, .german).values
        #expect(values.total == 1_234_567)
        let german = try NotificationTemplates().render(notification(.created, .german))
        let english = try NotificationTemplates().render(notification(.created, .english))
        #expect(german.subject == "Rechnung INV-2026-000042: 12\u{202F}345,67\u{A0}EUR")
        #expect(english.subject == "Invoice INV-2026-000042: 12\u{202F}345.67\u{A0}EUR")
    }

    @Test func `an invoice without a number goes by its id`() throws {
        let message = try NotificationTemplates().render(notification(.created, .english, isNumbered: false))
        #expect(message.text.contains("Invoice 0190a1b2-0000-7000-8000-0000000000a1"))
    }
}

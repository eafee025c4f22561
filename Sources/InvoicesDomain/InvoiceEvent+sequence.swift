package import EventSourcing

extension InvoiceEvent {
    /// Issuing an invoice gives it the next number of its series and year, such as `invoices.INV-2026`.
    package var sequence: SequenceName? {
        switch self {
        case .created(let created): created.series.flatMap { series in created.year.map { Self.sequence(series, $0) } }
        case .issued(let issued): Self.sequence(issued.series, issued.year)
        case .revised, .paymentReceived, .paymentReversed, .refunded, .voided, .becameOverdue, .reminderRequested: nil
        }
    }

    private static func sequence(_ series: String, _ year: Int) -> SequenceName {
        do {
            return try SequenceName("invoices.\(series)-\(year)")
        } catch {
            // A series is letters and digits, and an issued invoice must not be stored without a number.
            preconditionFailure("\(error)")
        }
    }

    package func numbered(_ number: Int64) -> InvoiceEvent {
        switch self {
        case .created(var created):
            created.sequenceNumber = number
            return .created(created)
        case .issued(var issued):
            issued.sequenceNumber = number
            return .issued(issued)
        case .revised, .paymentReceived, .paymentReversed, .refunded, .voided, .becameOverdue, .reminderRequested:
            return self
        }
    }

    /// The number that the event has given the invoice; nil for an event that gives none, and for a series that is none
    /// of today's.
    package var invoiceNumber: InvoiceNumber? {
        switch self {
        case .created(let created): InvoiceNumber(created.series, created.year, created.sequenceNumber)
        case .issued(let issued): InvoiceNumber(issued.series, issued.year, issued.sequenceNumber)
        case .revised, .paymentReceived, .paymentReversed, .refunded, .voided, .becameOverdue, .reminderRequested: nil
        }
    }
}

extension InvoiceNumber {
    fileprivate init?(_ series: String?, _ year: Int?, _ sequenceNumber: Int64?) {
        guard let series = series.flatMap(InvoiceSeries.init), let year, let sequenceNumber else { return nil }
        self.init(series: series, year: year, number: sequenceNumber)
    }
}

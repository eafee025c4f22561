package import EventSourcing

extension InvoiceEvent {
    /// Issuing an invoice gives it the next number of its series and year, such as `invoices.INV-2026`.
    package var sequence: SequenceName? {
        guard case .issued(let issued) = self else { return nil }
        do {
            return try SequenceName("invoices.\(issued.series)-\(issued.year)")
        } catch {
            // A series is letters and digits, and an issued invoice must not be stored without a number.
            preconditionFailure("\(error)")
        }
    }

    package func numbered(_ number: Int64) -> InvoiceEvent {
        guard case .issued(var issued) = self else { return self }
        issued.sequenceNumber = number
        return .issued(issued)
    }
}

extension InvoiceNumber {
    /// The number that the event store has given an issued invoice.
    ///
    /// - Parameter sequenceNumber: of the recorded event.
    /// - Returns: nil when the series is none of today's.
    package init?(_ issued: InvoiceIssued, sequenceNumber: Int64) {
        guard let series = InvoiceSeries(issued.series) else { return nil }
        self.init(series: series, year: issued.year, number: sequenceNumber)
    }
}

import FoundationEssentials
import InvoicesApplication
import InvoicesDomain

/// A place in the list of invoices, as a text that means nothing to callers: when the last invoice of a page was
/// created, in microseconds since 1970, and its id.
enum InvoiceCursor {
    private static let size = 8 + 16

    static func text(for place: InvoicePlace) -> String {
        let microseconds = Int64((place.createdAt.timeIntervalSince1970 * 1_000_000).rounded())
        let id = withUnsafeBytes(of: place.id.rawValue.uuid) { Array($0) }
        return OpaqueToken.text(of: .cursor, microseconds.bigEndianBytes + id)
    }

    /// Nil when the text is not a cursor of this list.
    static func place(in text: String) -> InvoicePlace? {
        guard let payload = OpaqueToken.payload(of: .cursor, size: size, in: text) else { return nil }
        let microseconds = Int64(bigEndianBytes: payload[..<8])
        let (seconds, fraction) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        let createdAt = Date(timeIntervalSince1970: Double(seconds) + Double(fraction) / 1_000_000)
        return InvoicePlace(createdAt: createdAt, id: InvoiceID(UUID(bytes: payload[8...])))
    }
}

extension UUID {
    /// - Parameter bytes: all sixteen of them.
    fileprivate init(bytes: ArraySlice<UInt8>) {
        var uuid = UUID().uuid
        withUnsafeMutableBytes(of: &uuid) { $0.copyBytes(from: bytes) }
        self.init(uuid: uuid)
    }
}

import EventSourcing
import FoundationEssentials
import HTTPConventions
import InvoicesApplication
import InvoicesDomain

/// Where a page of a list begins, as a text that means nothing to callers. It is of one list, with one filter and in one
/// order, and is of no use in another.
///
/// Its bytes are which way to read and whether the place has a value, a digest of the list, the position, and the value.
struct InvoiceCursor {
    /// Tells one list from another: the FNV-1a hash of what the caller has asked for.
    let list: UInt64

    init(list: String) {
        self.list = list.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }

    private struct Flags: OptionSet {
        let rawValue: UInt8
        static let before = Flags(rawValue: 1)
        static let valued = Flags(rawValue: 2)
        /// The sort key has a log position. Cursors of older versions had an id, and are refused.
        static let positioned = Flags(rawValue: 4)
    }

    private static let head = 1 + 8 + 8
    private static let longestValue = 8 + 2 + InvoiceSeries.longest

    func text(for edge: InvoiceEdge) -> String {
        let (place, direction): (InvoicePlace, Flags) =
            switch edge {
            case .after(let place): (place, [])
            case .before(let place): (place, .before)
            }
        let flags = direction.union(place.value == nil ? .positioned : [.positioned, .valued])
        return OpaqueToken.text(
            of: .cursor,
            [flags.rawValue] + list.bigEndianBytes + place.position.rawValue.bigEndianBytes
                + (place.value.map(Self.bytes) ?? []))
    }

    /// Nil when the text is no cursor of this list.
    ///
    /// - Parameter key: what the list is sorted by.
    func edge(in text: String, sortedBy key: InvoiceOrder.Key) -> InvoiceEdge? {
        let sizes = Self.head...(Self.head + Self.longestValue)
        guard let payload = OpaqueToken.payload(of: .cursor, sizes: sizes, in: text),
            UInt64(bigEndianBytes: payload[1..<9]) == list
        else { return nil }
        let flags = Flags(rawValue: payload[0])
        guard flags.contains(.positioned) else { return nil }
        let value = flags.contains(.valued) ? Self.value(payload[Self.head...], key) : nil
        guard (value != nil) == flags.contains(.valued) else { return nil }
        let place = InvoicePlace(value, position: Position(Int64(bigEndianBytes: payload[9..<Self.head])))
        return flags.contains(.before) ? .before(place) : .after(place)
    }

    private static func bytes(_ value: InvoicePlace.Value) -> [UInt8] {
        switch value {
        case .time(let time): Int64((time.timeIntervalSince1970 * 1_000_000).rounded()).bigEndianBytes
        case .date(let date): Int64((date.year * 100 + date.month) * 100 + date.day).bigEndianBytes
        case .amount(let amount): amount.bigEndianBytes
        case .number(let number):
            number.number.bigEndianBytes + UInt16(clamping: number.year).bigEndianBytes + number.series.rawValue.utf8
        }
    }

    private static func value(_ bytes: ArraySlice<UInt8>, _ key: InvoiceOrder.Key) -> InvoicePlace.Value? {
        guard bytes.count >= 8, key == .number || bytes.count == 8 else { return nil }
        let number = Int64(bigEndianBytes: bytes.prefix(8))
        switch key {
        case .createdAt, .issuedAt:
            let (seconds, fraction) = number.quotientAndRemainder(dividingBy: 1_000_000)
            return .time(Date(timeIntervalSince1970: Double(seconds) + Double(fraction) / 1_000_000))
        case .dueDate:
            let (months, day) = Int(number).quotientAndRemainder(dividingBy: 100)
            return CalendarDate(year: months / 100, month: months % 100, day: day).map(InvoicePlace.Value.date)
        case .amount: return .amount(number)
        case .number:
            let rest = bytes.dropFirst(8)
            guard rest.count > 2, let series = InvoiceSeries(String(decoding: rest.dropFirst(2), as: UTF8.self)) else {
                return nil
            }
            let year = Int(UInt16(bigEndianBytes: rest.prefix(2)))
            return .number(InvoiceNumber(series: series, year: year, number: number))
        }
    }
}

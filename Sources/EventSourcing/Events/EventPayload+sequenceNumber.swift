/// The member of stored metadata that holds an event's number in its sequence, as bytes.
extension EventPayload {
    private static let sequenceNumberKey = EventMetadata.CodingKeys.sequenceNumber.rawValue

    /// Whether the bytes are one JSON object with this member. The object is looked into only when it may be so.
    var hasSequenceNumber: Bool {
        guard bytes.holds("\"\(Self.sequenceNumberKey)\"") || bytes.holds(#"\u"#) else { return false }
        return (try? JSONMembers(self).contains(Self.sequenceNumberKey)) ?? false
    }

    /// Whether the bytes are one JSON object, without white space before it.
    var canTakeSequenceNumber: Bool { bytes.first == UInt8(ascii: "{") && JSONScanner.isJSON(bytes) }

    /// The object with the number as its first member.
    func numbered(_ number: Int64) -> EventPayload {
        let isEmpty = bytes.dropFirst().first { !Self.isWhiteSpace($0) } == UInt8(ascii: "}")
        let member = "{\"\(Self.sequenceNumberKey)\":\(number)\(isEmpty ? "" : ",")"
        return EventPayload(bytes: Array(member.utf8) + bytes.dropFirst())
    }

    private static func isWhiteSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
}

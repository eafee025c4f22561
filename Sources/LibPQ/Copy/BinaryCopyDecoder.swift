/// Cuts the binary format of `COPY` into rows, whatever chunks it comes in.
struct BinaryCopyDecoder {
    private var bytes: [UInt8] = []
    private var offset = 0
    private var hasHeader = false
    private var isComplete = false

    mutating func feed(_ chunk: [UInt8]) {
        bytes.removeFirst(offset)
        offset = 0
        bytes.append(contentsOf: chunk)
    }

    /// The next row that is there as a whole.
    mutating func next() throws(PostgresError) -> PostgresCopyRow? {
        var place = offset
        if !hasHeader {
            guard try readHeader(&place) else { return nil }
            hasHeader = true
            offset = place
        }
        guard !isComplete, let count = integer(Int16.self, at: &place) else { return nil }
        guard count >= 0 else {
            isComplete = true
            offset = bytes.count
            return nil
        }
        let start = place
        var columns: [Range<Int>?] = []
        columns.reserveCapacity(Int(count))
        for _ in 0..<count {
            guard let length = integer(Int32.self, at: &place) else { return nil }
            guard length >= 0 else {
                columns.append(nil)
                continue
            }
            guard Int(length) <= bytes.count - place else { return nil }
            columns.append(place - start..<place - start + Int(length))
            place += Int(length)
        }
        offset = place
        return PostgresCopyRow(bytes: Array(bytes[start..<place]), columns: columns)
    }

    /// Nothing more comes.
    func finish() throws(PostgresError) {
        guard isComplete else { throw PostgresError(.decoding, "the binary COPY ended in the middle") }
    }

    private func readHeader(_ place: inout Int) throws(PostgresError) -> Bool {
        let signature = PostgresBinaryCopyEncoder.signature
        guard bytes.count >= signature.count + 8 else { return false }
        guard bytes.starts(with: signature) else {
            throw PostgresError(.decoding, "the COPY is not in binary format: add (FORMAT binary)")
        }
        place = signature.count + 4
        guard let extensionLength = integer(Int32.self, at: &place) else { return false }
        guard extensionLength >= 0, Int(extensionLength) <= bytes.count - place else { return false }
        place += Int(extensionLength)
        return true
    }

    /// Reads an integer in network byte order, and moves behind it; `nil` if it is not all there.
    private func integer<Integer: FixedWidthInteger>(_ type: Integer.Type, at place: inout Int) -> Integer? {
        let size = MemoryLayout<Integer>.size
        guard bytes.count - place >= size else { return nil }
        defer { place += size }
        return bytes.withUnsafeBytes { Integer(bigEndian: $0.loadUnaligned(fromByteOffset: place, as: type)) }
    }
}

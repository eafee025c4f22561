import Testing

@testable import LibPQ

struct `The binary format of COPY` {
    private let rows: [(Int, String?)] = [(1, "one"), (2, nil), (3, "")]

    private var bytes: [UInt8] {
        var encoder = PostgresBinaryCopyEncoder()
        for (id, name) in rows { encoder.append(id, name) }
        encoder.finish()
        return encoder.take()
    }

    @Test func `is what the manual says`() {
        var encoder = PostgresBinaryCopyEncoder()
        encoder.append(1 as Int16, nil as String?)
        encoder.finish()
        let header: [UInt8] = Array("PGCOPY\n".utf8) + [0xff, 13, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        let bytes = encoder.take()
        #expect(bytes == header + [0, 2, 0, 0, 0, 2, 0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])
        #expect(encoder.count == 0)
    }

    @Test(arguments: [1, 2, 3, 7, 19, 1000])
    func `is read in chunks of any size`(size: Int) throws {
        var decoder = BinaryCopyDecoder()
        var ids: [Int] = []
        var names: [String?] = []
        for start in stride(from: 0, to: bytes.count, by: size) {
            decoder.feed(Array(bytes[start..<min(start + size, bytes.count)]))
            while let row = try decoder.next() {
                let (id, name) = try row.decode(Int.self, String?.self)
                ids.append(id)
                names.append(name)
            }
        }
        try decoder.finish()
        #expect(ids == rows.map(\.0))
        #expect(names == rows.map(\.1))
    }

    @Test func `is refused when it is another one, or ends in the middle`() throws {
        var text = BinaryCopyDecoder()
        text.feed(Array("1\tone\n2\ttwo\n3\tthree\n".utf8))
        #expect(throws: PostgresError.self) { _ = try text.next() }
        var half = BinaryCopyDecoder()
        half.feed(Array(bytes.dropLast(3)))
        while try half.next() != nil {}
        let unfinished = half
        #expect(throws: PostgresError.self) { try unfinished.finish() }
    }

    @Test func `names the column that does not fit`() throws {
        var decoder = BinaryCopyDecoder()
        decoder.feed(bytes)
        let row = try #require(try decoder.next())
        #expect(row.count == 2)
        let wrong = #expect(throws: PostgresError.self) { _ = try row.decode(Int.self, Int.self) }
        #expect(wrong?.message == "column 1 of a COPY cannot be read as Int: malformed")
        #expect(throws: PostgresError.self) { _ = try row.decode(Int.self, String.self, String.self) }
    }
}

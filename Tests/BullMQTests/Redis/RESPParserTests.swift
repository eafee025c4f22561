import NIOCore
import Testing

@testable import BullMQ

@Suite struct RESPParserTests {
    private let bytes =
        "+OK\r\n-ERR no\r\n:-42\r\n$5\r\na\r\nbc\r\n$0\r\n\r\n$-1\r\n*-1\r\n*0\r\n*3\r\n:1\r\n*2\r\n+x\r\n$-1\r\n$1\r\ny\r\n"
    private let values: [RESPValue] = [
        RESPValue("OK"), .error("ERR no"), .integer(-42), RESPValue("a\r\nbc"), RESPValue(""), .null, .null, .array([]),
        .array([.integer(1), .array([RESPValue("x"), .null]), RESPValue("y")]),
    ]

    @Test func `replies can be cut anywhere`() throws {
        for size in 1...bytes.utf8.count { #expect(try parse(bytes, inPiecesOf: size) == values, "pieces of \(size)") }
    }

    @Test(arguments: [
        "hello\r\n", "$5\r\nabcdefg\r\n", ":one\r\n", "$-2\r\n", "\r\n", "+no carriage return\n", "$99999999999\r\n",
        "*99999999\r\n",
    ])
    func `what is no RESP2 is an error`(text: String) {
        for size in [1, 3, text.utf8.count] {
            #expect(throws: RESPViolation.self) { try parse(text, inPiecesOf: size) }
        }
    }

    @Test func `arrays in arrays are bounded`() {
        #expect(throws: RESPViolation.self) { try parse(String(repeating: "*1\r\n", count: 17), inPiecesOf: 4) }
    }

    @Test func `a line without an end is bounded`() {
        #expect(throws: RESPViolation.self) {
            try parse("+" + String(repeating: "x", count: 70_000), inPiecesOf: 1_000)
        }
    }

    @Test func `a command is an array of bulk strings`() {
        var buffer = ByteBuffer()
        RedisCommand("SET", "ключ", 7, RedisArgument([1, 2])).write(into: &buffer)
        #expect(String(buffer: buffer) == "*4\r\n$3\r\nSET\r\n$8\r\nключ\r\n$1\r\n7\r\n$2\r\n\u{1}\u{2}\r\n")
    }

    private func parse(_ text: String, inPiecesOf size: Int) throws -> [RESPValue] {
        var parser = RESPParser()
        var values: [RESPValue] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            parser.append(ByteBuffer(bytes: rest.prefix(size)))
            rest = rest.dropFirst(size)
            while let value = try parser.next() { values.append(value) }
        }
        return values
    }
}

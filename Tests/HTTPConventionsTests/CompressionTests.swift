import CZlib
import EventSourcing
import NIOCore
import Testing

@testable import HTTPConventions

@Suite struct GzipTests {
    @Test(arguments: [
        ("gzip", true), ("GZIP", true), ("x-gzip", true), ("*", true), ("deflate, gzip;q=1.0, *;q=0", true),
        ("gzip, identity;q=0.5", true), ("gzip;q=0", false), ("*;q=0", false), ("identity", false), ("br", false),
        ("", false), ("gzip;q=0.2, identity;q=0.7", false), ("gzip;q=x", false),
    ])
    func `gzip is for those who accept it`(accepted: String, isPreferred: Bool) {
        #expect(WeightedList(accepted).prefersGzip == isPreferred)
    }

    @Test func `the tag of a compressed answer is another one`() throws {
        #expect(EntityTag.compressed(#""3""#) == #""3-gzip""#)
        let tags = try #require(EntityTags(#""3-gzip""#))
        #expect(tags == .list([EntityTag(isWeak: false, content: "3-gzip")]))
        guard case .list(let list) = tags else { return }
        #expect(list[0].revision == Revision(3))
    }

    @Test(arguments: [0, 1, 1023, 1024, 100_000])
    func `what is compressed can be read again`(size: Int) throws {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
        let compressed = try #require(Gzip.compress(.init(bytes: bytes)))
        #expect(try Self.unzip(Array(buffer: compressed)) == bytes)
    }

    private static func unzip(_ bytes: [UInt8]) throws -> [UInt8] {
        var (stream, input, output) = (z_stream(), bytes, [UInt8](repeating: 0, count: 1 << 20))
        let size = Int32(MemoryLayout<z_stream>.size)
        try #require(inflateInit2_(&stream, 16 + 15, ZLIB_VERSION, size) == Z_OK)
        defer { inflateEnd(&stream) }
        let result = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                return inflate(&stream, Z_FINISH)
            }
        }
        try #require(result == Z_STREAM_END)
        return Array(output.prefix(Int(stream.total_out)))
    }
}

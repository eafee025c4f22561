import CZlib
import Foundation
import HTTPTypes
import NIOCore
import Testing

@testable import HTTPConventions
@testable import InvoicesPresentation

@Suite struct CompressionTests {
    @Test func `a page of invoices comes compressed, and is the same`() async throws {
        try await TestService().test { client in
            for _ in 0..<20 { _ = try await client.createdInvoice() }
            let plain = try await client.send(.get, "/invoices")
            #expect(plain.headers[.contentEncoding] == nil)
            #expect(plain.headers[.vary] == "Accept-Encoding")
            let answer = try await client.send(.get, "/invoices", headers: [.acceptEncoding: "br, gzip;q=0.5"])
            #expect(answer.headers[.contentEncoding] == "gzip")
            #expect(answer.headers[.vary] == "Accept-Encoding")
            #expect(answer.headers[.contentLength] == "\(answer.bytes.count)")
            #expect(answer.bytes.count < plain.bytes.count / 3)
            #expect(try Self.unzip(answer.bytes) == plain.bytes)
            #expect(answer.headers[.eTag] == plain.headers[.eTag].map { $0.dropLast() + "-gzip\"" })
            let head = try await client.send(.head, "/invoices", headers: [.acceptEncoding: "gzip"])
            #expect(head.headers[.contentEncoding] == "gzip")
            #expect(head.headers[.contentLength] == answer.headers[.contentLength])
            #expect(head.bytes.isEmpty)
        }
    }

    @Test func `a small answer comes as it is`() async throws {
        try await TestService().test { client in
            let path = try await client.createdInvoice()
            let answer = try await client.send(.get, path, headers: [.acceptEncoding: "gzip"])
            #expect(answer.headers[.contentEncoding] == nil)
            #expect(answer.headers[.vary] == "Accept")
        }
    }

    @Test func `documents come compressed`() async throws {
        try await TestService().test { client in
            for path in ["/openapi.yaml", "/openapi.json"] {
                let plain = try await client.send(.get, path)
                let answer = try await client.send(.get, path, headers: [.acceptEncoding: "gzip"])
                #expect(answer.headers[.contentEncoding] == "gzip")
                #expect(try Self.unzip(answer.bytes) == plain.bytes)
            }
        }
    }

    @Test func `a compressed request is refused with advice`() async throws {
        try await TestService().test { client in
            let bytes = try #require(Gzip.compress(.init(string: #"{"customerId": "\#(customer)", "amount": 1}"#)))
            let answer = try await client.send(
                .post, "/invoices", headers: [.contentEncoding: "gzip"], bytes: Array(buffer: bytes))
            #expect(answer.status == 415)
            #expect(answer.json["code"] == "unsupported-media-type")
            #expect(answer.headers[.acceptEncoding] == "identity")
        }
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

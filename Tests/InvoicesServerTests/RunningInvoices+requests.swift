import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Testing

/// An answer of the service, read to its end.
struct Answer {
    let status: Int
    let headers: [String: String]
    let body: Data

    /// The body as a JSON object.
    var json: [String: Any] {
        get throws { try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any]) }
    }
}

/// An invoice as the API answers it.
struct InvoiceBody: Decodable, Hashable {
    let id: String
    let customerId: String
    let amount: Int64
    let currency: String
    let state: String
    let revision: Int64
    let createdAt: String
    let paidAt: String?
}

/// A page of `GET /invoices`.
struct PageBody: Decodable {
    let data: [InvoiceBody]
    let nextCursor: String?
}

extension RunningInvoices {
    func get(_ path: String, headers: [String: String] = [:]) async throws -> Answer {
        try await request("GET", path, headers: headers)
    }

    /// Posts JSON; nil sends no body at all.
    func post(
        _ path: String, _ json: String? = nil, headers: [String: String] = [:],
        giveUpAfter timeout: TimeAmount = .seconds(60)
    ) async throws -> Answer {
        try await request("POST", path, headers: headers, json: json, timeout: timeout)
    }

    /// Creates an invoice and expects that reads show it.
    func create(amount: Int64 = 1250, customer: UUID = UUID()) async throws -> InvoiceBody {
        let answer = try await post("/invoices", #"{"customerId":"\#(customer)","amount":\#(amount)}"#)
        #expect(answer.status == 201)
        #expect(answer.headers["reads-behind"] == nil)
        return try JSONDecoder().decode(InvoiceBody.self, from: answer.body)
    }

    func page(_ query: String) async throws -> PageBody {
        let answer = try await get("/invoices?\(query)")
        #expect(answer.status == 200)
        return try JSONDecoder().decode(PageBody.self, from: answer.body)
    }

    /// Every invoice, page by page, in the order of the list.
    func all(pageSize: Int) async throws -> [InvoiceBody] {
        var page = try await page("limit=\(pageSize)")
        var all = page.data
        while let cursor = page.nextCursor {
            page = try await self.page("limit=\(pageSize)&cursor=\(cursor)")
            all += page.data
        }
        return all
    }

    private func request(
        _ method: String, _ path: String, headers: [String: String], json: String? = nil,
        timeout: TimeAmount = .seconds(60)
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url + path)
        request.method = .init(rawValue: method)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let json {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: json))
        }
        let response = try await HTTPClient.shared.execute(request, timeout: timeout)
        let body = try await response.body.collect(upTo: 16 << 20)
        let answered = response.headers.map { ($0.name.lowercased(), $0.value) }
        return Answer(
            status: Int(response.status.code), headers: Dictionary(answered) { first, _ in first },
            body: Data(body.readableBytesView))
    }
}

import EventSourcing
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import HTTPConventions
@testable import InvoicesPresentation

/// The routes and the document say the same. That answers are as documented is checked on every answer of every test.
@Suite struct ContractTests {
    /// The document and the page that shows it do not describe themselves.
    static let undocumented: Set<String> = [
        "GET /", "GET /api", "GET /api/{asset}", "GET /openapi.json", "GET /openapi.yaml",
    ]

    @Test func `the document has exactly the service's routes`() throws {
        let routes = try TestService().api.router().routes.map { "\($0.method) \($0.path)" }
        let operations = Contract.document.operations.map { "\($0.method.uppercased()) \($0.path)" }
        #expect(Set(routes).subtracting(Self.undocumented) == Set(operations))
        #expect(Self.undocumented.isSubset(of: routes))
    }

    @Test func `every operation has a name of its own, and every path its parameters`() {
        let operations = Contract.document.operations
        #expect(Set(operations.map(\.id)).subtracting([""]).count == operations.count)
        for operation in operations {
            let shared = Contract.document.root["paths"][operation.path]["parameters"].elements
            let parameters = (shared + operation.content["parameters"].elements).map(Contract.document.resolve)
            let inPath = parameters.filter { $0["in"] == "path" }.compactMap { $0["name"].string }
            #expect(inPath == operation.path.matches(of: /\{(\w+)\}/).map { String($0.1) })
        }
    }

    fileprivate static let payment = "0190a1b2-0000-7000-8000-00000000b001"

    @Test func `every example of a request is accepted`() async throws {
        let contract = Contract.document
        try await TestService().test { client in
            for operation in contract.operations {
                let method = try #require(HTTPRequest.Method(operation.method.uppercased()))
                for (type, content) in operation.content["requestBody"]["content"].members {
                    for (name, example) in content["examples"].members {
                        let value = contract.resolve(example)["value"]
                        contract.check(value, against: content["schema"], at: "\(operation.id) \(name)")
                        var path = operation.path
                        if path.hasPrefix("/webhooks/{id}") {
                            path.replace("/webhooks/{id}", with: try await client.createdWebhook())
                        }
                        path = path.replacing(
                            "/invoices/{id}", with: try await client.invoice(readyFor: operation.id)
                        ).replacing("{paymentId}", with: Self.payment)
                        let body = String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
                        let answer = try await client.send(method, path, headers: [.contentType: type], body: body)
                        #expect((200...202).contains(answer.status), "\(operation.id) \(name)")
                    }
                }
            }
        }
    }

    @Test func `what a webhook is sent is as its schema says`() throws {
        let contract = Contract.document
        let content = contract.root["webhooks"]["event"]["post"]["requestBody"]["content"][
            "application/cloudevents+json"]
        #expect(Set(content["examples"].members.keys) == ["voided", "redacted", "test"])
        for (name, example) in content["examples"].members {
            let data = contract.resolve(example)["value"]["data"]
            if name == "voided" {
                contract.check(data, against: contract.root["components"]["schemas"]["InvoiceEventData"], at: name)
            } else {
                contract.check(contract.resolve(example)["value"], against: content["schema"], at: name)
            }
        }
        let redacted = try JSONDecoder().decode(Value.self, from: Data(EventPayload.redacted.bytes))
        #expect(content["examples"]["redacted"]["value"]["data"] == redacted)
    }

    @Test func `every example of an answer is as its schema says`() {
        let contract = Contract.document
        for operation in contract.operations {
            for (status, response) in operation.content["responses"].members {
                for (mediaType, content) in contract.resolve(response)["content"].members {
                    #expect(!content["examples"].members.isEmpty, "\(operation.id) \(status) has an example")
                    for (name, example) in content["examples"].members {
                        let value = contract.resolve(example)["value"]
                        let place = "\(operation.id) \(status) \(mediaType) \(name)"
                        contract.check(value, against: content["schema"], at: place)
                        if mediaType == "application/problem+json" { check(problem: value, status: status, at: place) }
                    }
                }
            }
        }
    }

    /// A documented problem is one that the service answers with, in its words.
    private func check(problem: Value, status: String, at place: String) {
        guard let kind = problem["code"].string.flatMap(ProblemCatalog.invoices.kind(code:)) else {
            Issue.record("\(place): there is no problem \(problem["code"])")
            return
        }
        #expect(problem["type"].string == kind.type, "\(place)")
        #expect(problem["title"].string == kind.title, "\(place)")
        #expect(problem["status"] == .integer(Int64(kind.status.code)), "\(place)")
        #expect(status == "\(kind.status.code)", "\(place)")
        for error in problem["errors"].elements {
            let codes = ProblemError.Code.conventional + ProblemError.Code.ofInvoices + ProblemError.Code.ofWebhooks
            #expect(codes.contains { $0.name == error["code"].string }, "\(place)")
        }
    }

    @Test func `the document names exactly the problems that there are`() {
        let contract = Contract.document
        let named = contract.root["components"]["schemas"]["Problem"]["properties"]["code"]["examples"].strings
        #expect(named.sorted() == ProblemCatalog.invoices.kinds.map(\.code).sorted())
        let shown = contract.operations.flatMap { operation in
            operation.content["responses"].members.values.flatMap { response in
                contract.resolve(response)["content"]["application/problem+json"]["examples"].members.values
            }
        }
        let inExamples = Set(shown.compactMap { contract.resolve($0)["value"]["code"].string })
        // No operation can be answered with them, or every one can; the document's introduction says so.
        let general: Set<ProblemKind> = [
            .badRequest, .methodNotAllowed, .requestTimeout, .targetTooLong, .headersTooLarge, .expectationFailed,
            .methodNotImplemented, .transferCodingNotImplemented, .invoiceAlreadyExists,
        ]
        #expect(Set(named).subtracting(inExamples).subtracting(general.map(\.code)) == [])
    }

    @Test(arguments: ProblemCatalog.invoices.kinds)
    func `every type of problem can be fetched`(_ kind: ProblemKind) async throws {
        try await TestService().test { client in
            let answer = try await client.send(.get, kind.type)
            #expect(answer.status == 200)
            #expect(answer.json["type"].string == kind.type)
            #expect(answer.json["code"].string == kind.code)
            #expect(answer.json["status"] == .integer(Int64(kind.status.code)))
        }
    }

    @Test func `the document's limits are the service's`() {
        let amount = Contract.document.root["components"]["schemas"]["CreateInvoiceRequest"]["properties"]["amount"]
        #expect(amount["minimum"] == .integer(RequestLimits.amounts.lowerBound))
        #expect(amount["maximum"] == .integer(RequestLimits.amounts.upperBound))
        let batch = Contract.document.root["components"]["schemas"]["CreateInvoicesRequest"]["properties"]["invoices"]
        #expect(batch["minItems"] == .integer(Int64(RequestLimits.batchSizes.lowerBound)))
        #expect(batch["maxItems"] == .integer(Int64(RequestLimits.batchSizes.upperBound)))
        let limit = Contract.document.root["paths"]["/invoices"]["get"]["parameters"][0]["schema"]
        #expect(limit["minimum"] == .integer(Int64(RequestLimits.pageSizes.lowerBound)))
        #expect(limit["maximum"] == .integer(Int64(RequestLimits.pageSizes.upperBound)))
        #expect(limit["default"] == .integer(Int64(RequestLimits.defaultPageSize)))
    }
}

extension TestClientProtocol {
    /// The path of an invoice with which the operation can be carried out.
    fileprivate func invoice(readyFor operation: String) async throws -> String {
        switch operation {
        case "reviseInvoice", "issueInvoice": return try await createdDraft()
        case "refundInvoice", "reversePayment":
            let path = try await createdInvoice()
            let body = #"{"id": "\#(ContractTests.payment)"}"#
            #expect(try await send(.post, path + "/pay", body: body).status == 200)
            return path
        default: return try await createdInvoice()
        }
    }
}

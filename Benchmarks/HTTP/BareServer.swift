import ArgumentParser
import FoundationEssentials
import Hummingbird
import Logging

/// Hummingbird with nothing behind it: the limit of what a service on it can do. It answers with bytes that are ready, and
/// decodes the body of a POST before.
struct BareServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bare", abstract: "Serves bytes that are ready.", shouldDisplay: false)

    @Option var port: Int
    @Option(help: "A file with the answer that is an invoice.") var invoice: String
    @Option(help: "A file with the answer that is a page of invoices.") var page: String

    func run() async throws {
        let invoice = ByteBuffer(bytes: try Data(contentsOf: URL(filePath: invoice)))
        let page = ByteBuffer(bytes: try Data(contentsOf: URL(filePath: page)))
        let router = Router()
        router.get("/invoices/:id") { _, context in
            _ = try context.parameters.require("id")
            return Self.answer(.ok, invoice)
        }
        router.get("/invoices") { _, _ in Self.answer(.ok, page) }
        router.post("/invoices") { request, context in
            _ = try await request.decode(as: Body.self, context: context)
            return Self.answer(.created, invoice)
        }
        router.post("/invoices/:id/pay") { _, context in
            _ = try context.parameters.require("id")
            return Self.answer(.ok, invoice)
        }
        let logger = Logger(label: "bare") { _ in SwiftLogNoOpLogHandler() }
        try await Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)), logger: logger
        ).runService()
    }

    private struct Body: Decodable {
        let customerId: UUID
        let amount: Int64
        let currency: String?
        let reference: String?
    }

    private static func answer(_ status: HTTPResponse.Status, _ bytes: ByteBuffer) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: bytes))
    }
}

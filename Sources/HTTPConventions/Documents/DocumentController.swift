import HTTPTypes
import Hummingbird

/// Serves the description of the API and the page that shows it.
struct DocumentController: Sendable {
    let documents: APIDocuments

    /// - Parameter group: answers `If-None-Match`.
    func addRoutes(to group: some RouterMethods<APIRequestContext>) {
        group.get("/") { _, _ in Response(status: .seeOther, headers: [.location: "/api"]) }
        let yaml = Document(documents.yaml, "application/yaml")
        let json = Document(documents.json, "application/json")
        let page = Document(Array(documents.swaggerUI.page.utf8), "text/html; charset=utf-8")
        group.get("/openapi.yaml") { _, _ in yaml.response }
        group.get("/openapi.json") { _, _ in json.response }
        group.get("/api") { _, _ in
            var response = page.response
            response.headers[.contentSecurityPolicy] = Self.policy
            return response
        }
        group.get("/api/:asset", use: asset)
    }

    @Sendable private func asset(_ request: Request, _ context: APIRequestContext) throws -> Response {
        guard let asset = context.parameters.get("asset").flatMap(documents.swaggerUI.asset) else {
            throw Problem.nothing(at: request)
        }
        var response = asset.response
        response.headers[.cacheControl] = "public, max-age=3600"
        return response
    }

    /// Only this service's own files, and nowhere else to send anything. Swagger UI sets styles on its elements, and
    /// has its pictures in its style sheet.
    private static let policy = """
        default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
        connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """
}

/// A file that is served as it is, with the tag of its bytes.
struct Document: Sendable {
    private let bytes: ByteBuffer
    private let headers: HTTPFields

    init(_ bytes: [UInt8], _ mediaType: String) {
        self.bytes = ByteBuffer(bytes: bytes)
        headers = [
            .contentType: mediaType, .xContentTypeOptions: "nosniff", .eTag: EntityTag.Subject.content.tag(of: bytes),
        ]
    }

    var response: Response { Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: bytes)) }
}

import HTTPTypes
import Hummingbird

/// Serves the description of the API and the page that shows it.
struct DocumentController: Sendable {
    let documents: APIDocuments

    func addRoutes(to group: some RouterMethods<APIRequestContext>) {
        group.get("/") { _, _ in Response(status: .seeOther, headers: [.location: "/api"]) }
        let (yaml, json) = (ByteBuffer(bytes: documents.yaml), ByteBuffer(bytes: documents.json))
        let page = ByteBuffer(string: documents.swaggerUI.page)
        group.get("/openapi.yaml") { _, _ in Response.document(yaml, "application/yaml") }
        group.get("/openapi.json") { _, _ in Response.document(json, "application/json") }
        group.get("/api") { _, _ in
            var response = Response.document(page, "text/html; charset=utf-8")
            response.headers[.contentSecurityPolicy] = Self.policy
            return response
        }
        group.get("/api/:asset", use: asset)
    }

    @Sendable private func asset(_ request: Request, _ context: APIRequestContext) throws -> Response {
        guard let asset = context.parameters.get("asset").flatMap(documents.swaggerUI.asset) else {
            throw Problem.nothing(at: request)
        }
        var response = Response.document(ByteBuffer(bytes: asset.bytes), asset.mediaType)
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

extension Response {
    fileprivate static func document(_ bytes: ByteBuffer, _ mediaType: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: mediaType, .xContentTypeOptions: "nosniff"],
            body: ResponseBody(byteBuffer: bytes))
    }
}

import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import HTTPConventions
@testable import InvoicesPresentation

@Suite struct DocumentTests {
    @Test func `the document is served as it is, and in JSON`() async throws {
        try await TestService().test { client in
            let yaml = try await client.send(.get, "/openapi.yaml")
            #expect(yaml.headers[.contentType] == "application/yaml")
            #expect(yaml.text == (try String(contentsOf: TestService.openAPI, encoding: .utf8)))
            let json = try await client.send(.get, "/openapi.json")
            #expect(json.headers[.contentType] == "application/json")
            #expect(json.json == Contract.document.root)
        }
    }

    @Test func `YAML keeps its types in JSON`() throws {
        let yaml = """
            text: '1'
            date: 2026-12-31
            version: 1.0.0
            number: 1
            hex: 0x10
            fraction: 0.5
            yes: true
            nothing: null
            tilde: ~
            quoted: 'null'
            200: [a, "b\\n", {}]
            """
        let documents = try APIDocuments(openAPI: Data(yaml.utf8), swaggerUI: nil)
        #expect(
            String(decoding: documents.json, as: UTF8.self)
                == #"{"text":"1","date":"2026-12-31","version":"1.0.0","number":1,"hex":16,"fraction":0.5,"yes":true,"#
                + #""nothing":null,"tilde":null,"quoted":"null","200":["a","b\u000a",{}]}"#)
    }

    @Test(arguments: ["", "a: [", "a: b: c", "\u{0}"])
    func `a document that is not YAML is refused at the start`(yaml: String) {
        #expect(throws: InvalidOpenAPIDocument.self) {
            try APIDocuments(openAPI: Data(yaml.utf8), swaggerUI: nil)
        }
    }

    @Test func `the root leads to the page`() async throws {
        try await TestService().test { client in
            let answer = try await client.send(.get, "/")
            #expect(answer.status == 303)
            #expect(answer.headers[.location] == "/api")
        }
    }

    @Test(arguments: ["/api", "/api/"])
    func `without Swagger UI the page says how to install it`(path: String) async throws {
        try await TestService().test { client in
            let answer = try await client.send(.get, path)
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == "text/html; charset=utf-8")
            #expect(answer.text.contains("make run"))
            #expect(answer.text.contains("/openapi.yaml"))
        }
    }

    @Test(arguments: ["/api", "/api/"])
    func `with Swagger UI the page shows the document, and may load nothing from elsewhere`(path: String) async throws {
        try await withSwaggerUI { client in
            let page = try await client.send(.get, path)
            #expect(page.status == 200)
            let policy = try #require(page.headers[.contentSecurityPolicy])
            #expect(policy.hasPrefix("default-src 'none'; script-src 'self';"))
            for match in page.text.matches(of: /(?:href|src)="([^"]+)"/) {
                let asset = try await client.send(.get, String(match.1))
                #expect(asset.status == 200)
                #expect(asset.headers[.xContentTypeOptions] == "nosniff")
            }
        }
    }

    @Test(arguments: [
        "/api/secret.txt", "/api/../secret.txt", "/api/%2e%2e/secret.txt", "/api/..%2fsecret.txt",
        "/api/%2e%2e%2fsecret.txt", "/api/./swagger-ui.css/../secret.txt", "/api//etc/passwd", "/api/%00",
        "/api/swagger-ui.css%00.txt",
    ])
    func `nothing but Swagger UI's own files is served`(path: String) async throws {
        try await withSwaggerUI { client in
            let answer = try await client.send(.get, path)
            #expect(answer.status == 404)
            #expect(!answer.text.contains("hunter2"))
        }
    }

    private func withSwaggerUI(_ test: @escaping @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "swagger-ui-\(UUID())/dist")
        defer { try? FileManager.default.removeItem(at: folder.deletingLastPathComponent()) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let names = ["swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js"]
        for name in names + ["favicon-32x32.png"] {
            try Data(name.utf8).write(to: folder.appending(path: name))
        }
        try Data("hunter2".utf8).write(to: folder.appending(path: "secret.txt"))
        try Data("hunter2".utf8).write(to: folder.appending(path: "../secret.txt"))
        try await TestService(swaggerUI: folder).test(.router, test)
    }
}

import EventSourcing
package import FoundationEssentials
import Yams

/// What the API serves about itself: its description, and a page that shows it.
package struct APIDocuments: Sendable {
    /// `openapi.yaml` as it was handed in.
    let yaml: [UInt8]
    /// The same in JSON.
    let json: [UInt8]
    let swaggerUI: SwaggerUI

    /// - Parameters:
    ///   - openAPI: the bytes of `openapi.yaml`.
    ///   - swaggerUI: the folder with Swagger UI's `swagger-ui-dist` files; without them `/api` says how to install
    ///     them.
    /// - Throws: ``InvalidOpenAPIDocument`` when the document is not YAML.
    package init(openAPI: Data, swaggerUI: URL?) throws {
        yaml = [UInt8](openAPI)
        do {
            guard let root = try Yams.compose(yaml: String(decoding: openAPI, as: UTF8.self)) else {
                throw InvalidOpenAPIDocument(reason: "it is empty")
            }
            json = JSONWriter.bytes(capacity: openAPI.count) { $0.yaml(root) }
            self.swaggerUI = SwaggerUI(directory: swaggerUI, title: root["info"]?["title"]?.string ?? "API")
        } catch let error as YamlError {
            throw InvalidOpenAPIDocument(reason: String(describing: error))
        }
    }
}

/// The description of the API cannot be read.
package struct InvalidOpenAPIDocument: Error, CustomStringConvertible {
    package let reason: String

    package var description: String { "the OpenAPI document cannot be read: \(reason)" }
}

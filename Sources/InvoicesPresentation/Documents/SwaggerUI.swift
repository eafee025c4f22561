import FoundationEssentials

/// The files of Swagger UI, read once. Only files of these names are ever served, whatever a path says.
struct SwaggerUI: Sendable {
    struct Asset: Sendable {
        let mediaType: String
        let bytes: [UInt8]
    }

    private static let mediaTypes = [
        "swagger-ui.css": "text/css",
        "swagger-ui-bundle.js": "text/javascript",
        "swagger-ui-standalone-preset.js": "text/javascript",
        "favicon-32x32.png": "image/png",
    ]

    /// Without these there is nothing to show.
    private static let needed = ["swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js"]

    private let assets: [String: Asset]

    /// Reads what is there of the files; a folder that is missing has none.
    init(directory: URL?) {
        var assets: [String: Asset] = [:]
        for (name, mediaType) in Self.mediaTypes {
            guard let file = directory?.appending(path: name), let data = try? Data(contentsOf: file) else { continue }
            assets[name] = Asset(mediaType: mediaType, bytes: [UInt8](data))
        }
        assets["initializer.js"] = Asset(mediaType: "text/javascript", bytes: Array(Self.initializer.utf8))
        self.assets = assets
    }

    func asset(_ name: String) -> Asset? { assets[name] }

    /// The page that shows the API, or how to get it.
    var page: String { Self.needed.allSatisfy(assets.keys.contains) ? Self.browser : Self.instructions }

    private static let browser = """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>Invoices API</title>
          <link rel="stylesheet" href="/api/swagger-ui.css">
          <link rel="icon" type="image/png" sizes="32x32" href="/api/favicon-32x32.png">
        </head>
        <body>
          <div id="swagger-ui"></div>
          <script src="/api/swagger-ui-bundle.js"></script>
          <script src="/api/swagger-ui-standalone-preset.js"></script>
          <script src="/api/initializer.js"></script>
        </body>
        </html>

        """

    private static let initializer = """
        SwaggerUIBundle({
          url: "/openapi.json",
          dom_id: "#swagger-ui",
          deepLinking: true,
          tryItOutEnabled: true,
          validatorUrl: null,
          presets: [SwaggerUIBundle.presets.apis],
        });

        """

    private static let instructions = """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>Invoices API</title>
        </head>
        <body>
          <h1>Invoices API</h1>
          <p>The files of Swagger UI are not installed. Stop the service and run <code>make run</code>, which installs
          them, or unpack <code>swagger-ui-dist</code> of the Python package <code>drf-spectacular-sidecar</code> into
          <code>.swagger-ui/</code>.</p>
          <p>The API is described in <a href="/openapi.yaml">openapi.yaml</a> and <a href="/openapi.json">openapi.json</a>.</p>
        </body>
        </html>

        """
}

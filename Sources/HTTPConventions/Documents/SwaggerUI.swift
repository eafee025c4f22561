import FoundationEssentials

/// The files of Swagger UI, read once. Only files of these names are ever served, whatever a path says.
struct SwaggerUI: Sendable {
    private static let mediaTypes = [
        "swagger-ui.css": "text/css",
        "swagger-ui-bundle.js": "text/javascript",
        "swagger-ui-standalone-preset.js": "text/javascript",
        "favicon-32x32.png": "image/png",
    ]

    /// Without these there is nothing to show.
    private static let needed = ["swagger-ui.css", "swagger-ui-bundle.js", "swagger-ui-standalone-preset.js"]

    private let assets: [String: Document]
    private let title: String

    /// Reads the files that exist; a folder that is missing has none.
    ///
    /// - Parameter title: what the page is called.
    init(directory: URL?, title: String) {
        self.title = HTML.escaped(title)
        var assets: [String: Document] = [:]
        for (name, mediaType) in Self.mediaTypes {
            guard let file = directory?.appending(path: name), let data = try? Data(contentsOf: file) else { continue }
            assets[name] = Document([UInt8](data), mediaType)
        }
        assets["initializer.js"] = Document(Array(Self.initializer.utf8), "text/javascript")
        self.assets = assets
    }

    func asset(_ name: String) -> Document? { assets[name] }

    /// The page that shows the API, or how to get it.
    var page: String { Self.needed.allSatisfy(assets.keys.contains) ? browser : instructions }

    private var browser: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>\(title)</title>
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
    }

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

    private var instructions: String {
        """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>\(title)</title>
        </head>
        <body>
          <h1>\(title)</h1>
          <p>The files of Swagger UI are not installed. Stop the service and run <code>make run</code>, which installs
          them, or unpack <code>swagger-ui-dist</code> of the Python package <code>drf-spectacular-sidecar</code> into
          <code>.swagger-ui/</code>.</p>
          <p>The API is described in <a href="/openapi.yaml">openapi.yaml</a> and <a href="/openapi.json">openapi.json</a>.</p>
        </body>
        </html>

        """
    }
}

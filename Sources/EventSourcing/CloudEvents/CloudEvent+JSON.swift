import FoundationEssentials

extension CloudEvent {
    /// The media type of ``json``.
    public static let contentType = "application/cloudevents+json"

    /// The event in the JSON Event Format: one object, the attributes sorted by name and the data last.
    ///
    /// JSON data stands in `data` as it was stored, byte by byte; any other in `data_base64`.
    public var json: [UInt8] {
        JSONWriter.bytes { json in
            json.object { json in
                for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
                    json.member(named: name) { $0.string(value.withoutControls) }
                }
                if isJSON {
                    json.member("data") { $0.literal(data.bytes) }
                } else {
                    json.member("data_base64", Data(data.bytes).base64EncodedString())
                }
            }
        }
    }

    /// Whether the data claims to be JSON, by its media type, and is.
    private var isJSON: Bool {
        let mediaType = attributes["datacontenttype", default: "application/json"].lowercased()
            .prefix { $0 != ";" && $0 != " " }
        guard mediaType.hasSuffix("/json") || mediaType.hasSuffix("+json") else { return false }
        return data.isJSON
    }
}

extension String {
    /// With U+FFFD in place of the characters that an attribute's value must not have: controls and noncharacters.
    fileprivate var withoutControls: String {
        func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.properties.isNoncharacterCodePoint
        }
        guard unicodeScalars.contains(where: isForbidden) else { return self }
        var cleaned = String.UnicodeScalarView()
        for scalar in unicodeScalars { cleaned.append(isForbidden(scalar) ? "\u{FFFD}" : scalar) }
        return String(cleaned)
    }
}

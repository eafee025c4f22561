/// Texts of HTML.
package enum HTML {
    /// A text without markup, for contents and for attributes.
    ///
    /// By code points, as browsers read it: a quotation mark with a combining accent is one character to Swift, and still
    /// ends an attribute.
    package static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "&": escaped += "&amp;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

/// A list whose elements have weights, as that of `Accept` or `Accept-Encoding` (RFC 9110, section 12.4.2).
package struct WeightedList {
    private var weights: [String: Double] = [:]

    package init(_ text: String) {
        for element in text.split(separator: ",") {
            let parts = element.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            guard let name = parts.first, !name.isEmpty else { continue }
            // A weight that cannot be read is none.
            weights[name] = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
        }
    }

    var isEmpty: Bool { weights.isEmpty }

    /// The weight of the first of the names that the list has; nil when it has none of them.
    package func weight(of names: String...) -> Double? { names.lazy.compactMap { weights[$0] }.first }

    /// Whether the most specific range that covers the media type has a weight above zero.
    ///
    /// - Parameter mediaType: with or without parameters, which do not count.
    package func accepts(mediaType: some StringProtocol) -> Bool {
        let name = mediaType.prefix { $0 != ";" && $0 != " " }.lowercased()
        let family = String(name.prefix { $0 != "/" }) + "/*"
        return isEmpty || (weight(of: name, family, "*/*") ?? 0) > 0
    }
}

import Configuration

extension ConfigReader {
    /// The value of a key, read from its text; `fallback` when the key has none.
    ///
    /// - Parameter expected: what a valid value looks like, for the error.
    /// - Throws: ``Failure`` when there is a text that `parse` refuses.
    func value<Value>(
        forKey key: ConfigKey, default fallback: Value, expected: String, _ parse: (String) -> Value?
    ) throws(Failure) -> Value {
        guard let text = string(forKey: key) else { return fallback }
        guard let value = parse(text) else {
            let name = key.components.joined(separator: "_").uppercased()
            throw Failure(.configuration, "\(name): \"\(text)\" is not \(expected)")
        }
        return value
    }

    /// A duration in whole seconds, from one second to an hour.
    ///
    /// - Throws: ``Failure`` for any other value.
    func seconds(forKey key: ConfigKey, default fallback: Duration) throws(Failure) -> Duration {
        try value(forKey: key, default: fallback, expected: "a number of seconds from 1 to 3600") { text in
            Int(text).flatMap { (1...3600).contains($0) ? .seconds($0) : nil }
        }
    }
}

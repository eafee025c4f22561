import FoundationEssentials

/// An object in a payload that stands for personal data: an object with one member, named as below.
struct PersonalMarker {
    enum Name: String, CaseIterable {
        case personal = "$personal"
        case sealed = "$sealed"
        case forgotten = "$forgotten"
    }

    enum Content {
        case personal(subject: String, value: Range<Int>, witness: String?)
        case sealed(subject: String, key: String, data: Range<Int>)
        case forgotten(subject: String, witness: String?)
        /// It has other members than such a marker has.
        case foreign
        /// It stands around another marker.
        case nesting
    }

    let name: Name
    /// Where the whole object stands in the payload.
    let range: Range<Int>
    let content: Content
}

/// Finds the markers of personal data in a JSON text, in their order.
struct PersonalMarkerScanner {
    private var json: JSONScanner
    private var markers: [PersonalMarker] = []

    /// - Throws: ``JSONScanner/Malformed`` when the bytes are no JSON text.
    static func markers(in bytes: [UInt8]) throws(JSONScanner.Malformed) -> [PersonalMarker] {
        var scanner = PersonalMarkerScanner(json: JSONScanner(bytes))
        try scanner.value()
        guard scanner.json.peek() == nil else { throw JSONScanner.Malformed() }
        return scanner.markers
    }

    private init(json: JSONScanner) { self.json = json }

    private mutating func value() throws(JSONScanner.Malformed) {
        switch json.peek() {
        case UInt8(ascii: "{")?: try object()
        case UInt8(ascii: "[")?: try array()
        default: try json.scalar()
        }
    }

    private mutating func array() throws(JSONScanner.Malformed) {
        try json.enter("[")
        var isFirst = true
        while try json.hasNext(before: "]", isFirst: &isFirst) { try value() }
    }

    private mutating func object() throws(JSONScanner.Malformed) {
        let start = json.place
        try json.enter("{")
        var (isFirst, count) = (true, 0)
        var found: (name: PersonalMarker.Name, content: PersonalMarker.Content)?
        while try json.hasNext(before: "}", isFirst: &isFirst) {
            let key = try json.string()
            try json.skip(":")
            count += 1
            if let (name, isPlain) = markerName(key) {
                let content = try content(of: name)
                found = (name, isPlain ? content : .foreign)
            } else {
                try value()
            }
        }
        guard let (name, content) = found else { return }
        markers.append(
            PersonalMarker(name: name, range: start..<json.place, content: count == 1 ? content : .foreign))
    }

    /// The marker that a key names, and whether it is written as ``Personal`` writes it, without escapes.
    private func markerName(_ key: Range<Int>) -> (PersonalMarker.Name, isPlain: Bool)? {
        let isPlain = !json.bytes[key].contains(UInt8(ascii: "\\"))
        guard !isPlain || json.bytes[key].first == UInt8(ascii: "$") else { return nil }
        return (isPlain ? text(key) : unescaped(key)).flatMap(PersonalMarker.Name.init).map { ($0, isPlain) }
    }

    private func unescaped(_ key: Range<Int>) -> String? {
        let quoted = json.bytes[(key.lowerBound - 1)...key.upperBound]
        return try? JSONDecoder().decode(String.self, from: Data(quoted))
    }

    private mutating func content(of name: PersonalMarker.Name) throws(JSONScanner.Malformed) -> PersonalMarker.Content
    {
        guard json.peek() == UInt8(ascii: "{") else {
            try value()
            return .foreign
        }
        let markersBefore = markers.count
        var members: [String: Range<Int>] = [:]
        try json.enter("{")
        var (isFirst, count) = (true, 0)
        while try json.hasNext(before: "}", isFirst: &isFirst) {
            let key = try json.string()
            try json.skip(":")
            count += 1
            _ = json.peek()
            let start = json.place
            try value()
            members[text(key)] = start..<json.place
        }
        guard markers.count == markersBefore else {
            markers.removeSubrange(markersBefore...)
            return .nesting
        }
        guard members.count == count else { return .foreign }
        return content(of: name, members)
    }

    private func content(of name: PersonalMarker.Name, _ members: [String: Range<Int>]) -> PersonalMarker.Content {
        guard let subject = members["subject"].flatMap(simpleString) else { return .foreign }
        let witness = members["witness"].flatMap(simpleString)
        let count = members.count - (witness == nil ? 0 : 1)
        switch name {
        case .personal:
            guard count == 2, let value = members["value"] else { return .foreign }
            return .personal(subject: text(subject), value: value, witness: witness.map(text))
        case .sealed:
            guard members.count == 3, let key = members["key"].flatMap(simpleString),
                let data = members["data"].flatMap(simpleString)
            else { return .foreign }
            return .sealed(subject: text(subject), key: text(key), data: data)
        case .forgotten:
            guard count == 1 else { return .foreign }
            return .forgotten(subject: text(subject), witness: witness.map(text))
        }
    }

    /// Where the characters of a string value without escapes stand; nil for any other value.
    private func simpleString(_ value: Range<Int>) -> Range<Int>? {
        guard json.bytes[value.lowerBound] == UInt8(ascii: "\"") else { return nil }
        let characters = (value.lowerBound + 1)..<(value.upperBound - 1)
        return json.bytes[characters].contains(UInt8(ascii: "\\")) ? nil : characters
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: json.bytes[range], as: UTF8.self) }
}

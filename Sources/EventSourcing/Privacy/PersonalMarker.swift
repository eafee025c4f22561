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
        /// It contains another marker.
        case nesting
    }

    let name: Name
    /// The range of the whole object in the payload.
    let range: Range<Int>
    let content: Content
}

/// Finds the markers of personal data in a JSON text, in their order.
struct PersonalMarkerScanner {
    private var json: JSONScanner
    private var markers: [PersonalMarker] = []

    /// - Throws: ``JSONSyntaxError`` when the bytes are no JSON text.
    static func markers(in bytes: [UInt8]) throws(JSONSyntaxError) -> [PersonalMarker] {
        var scanner = PersonalMarkerScanner(json: JSONScanner(bytes))
        try scanner.value()
        try scanner.json.end()
        return scanner.markers
    }

    private init(json: JSONScanner) { self.json = json }

    private mutating func value() throws(JSONSyntaxError) {
        switch json.peek() {
        case UInt8(ascii: "{")?: try object()
        case UInt8(ascii: "[")?: try array()
        default: try json.scalar()
        }
    }

    private mutating func array() throws(JSONSyntaxError) {
        try json.enter()
        var isFirst = true
        while try json.nextElement(isFirst: &isFirst) { try value() }
    }

    private mutating func object() throws(JSONSyntaxError) {
        let start = json.offset
        try json.enter()
        var (isFirst, count) = (true, 0)
        var found: (name: PersonalMarker.Name, content: PersonalMarker.Content)?
        while let key = try json.nextName(isFirst: &isFirst) {
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
            PersonalMarker(name: name, range: start..<json.offset, content: count == 1 ? content : .foreign))
    }

    /// The marker that a key names, and whether it is written as ``Personal`` writes it, without escapes.
    private func markerName(_ key: JSONScanner.Text) -> (PersonalMarker.Name, isPlain: Bool)? {
        guard key.isEscaped || json.bytes[key.range].first == UInt8(ascii: "$") else { return nil }
        return json.characters(of: key).flatMap(PersonalMarker.Name.init).map { ($0, !key.isEscaped) }
    }

    private mutating func content(of name: PersonalMarker.Name) throws(JSONSyntaxError) -> PersonalMarker.Content {
        guard json.peek() == UInt8(ascii: "{") else {
            try value()
            return .foreign
        }
        let markersBefore = markers.count
        var members: [String: Range<Int>] = [:]
        try json.enter()
        var (isFirst, count) = (true, 0)
        while let key = try json.nextName(isFirst: &isFirst) {
            count += 1
            _ = json.peek()
            let start = json.offset
            try value()
            members[text(key.range)] = start..<json.offset
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

    /// The range of the characters of a string value without escapes; nil for any other value.
    private func simpleString(_ value: Range<Int>) -> Range<Int>? {
        guard json.bytes[value.lowerBound] == UInt8(ascii: "\"") else { return nil }
        let characters = (value.lowerBound + 1)..<(value.upperBound - 1)
        return json.bytes[characters].contains(UInt8(ascii: "\\")) ? nil : characters
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: json.bytes[range], as: UTF8.self) }
}

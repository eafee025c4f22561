/// Decodes one value of a ``JSONText``.
struct JSONTextDecoder: Decoder, SingleValueDecodingContainer {
    let text: JSONText
    let place: Range<Int>

    var userInfo: [CodingUserInfoKey: Any] { [:] }
    /// Who asks for it finds fault, or decodes in an unusual way.
    var codingPath: [any CodingKey] {
        _ = text.doubt()
        return []
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(try JSONObjectContainer<Key>(text: text, place: place))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try JSONArrayContainer(text: text, place: place)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool { text.isNull(at: place) }
    func decode(_ type: Bool.Type) throws -> Bool { try text.bool(at: place) }
    func decode(_ type: String.Type) throws -> String { try text.string(at: place) }
    func decode(_ type: Double.Type) throws -> Double { try text.double(at: place) }
    func decode(_ type: Float.Type) throws -> Float { throw text.doubt() }
    func decode(_ type: Int.Type) throws -> Int { try text.integer(at: place) }
    func decode(_ type: Int8.Type) throws -> Int8 { try text.integer(at: place) }
    func decode(_ type: Int16.Type) throws -> Int16 { try text.integer(at: place) }
    func decode(_ type: Int32.Type) throws -> Int32 { try text.integer(at: place) }
    func decode(_ type: Int64.Type) throws -> Int64 { try text.integer(at: place) }
    func decode(_ type: UInt.Type) throws -> UInt { try text.integer(at: place) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try text.integer(at: place) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try text.integer(at: place) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try text.integer(at: place) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try text.integer(at: place) }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try text.decode(type, at: place) }
}

/// The members of an object.
private struct JSONObjectContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private struct Member {
        /// Of the name, without quotation marks.
        let name: Range<Int>
        let value: Range<Int>
    }

    private let text: JSONText
    private var members: [Member] = []

    init(text: JSONText, place: Range<Int>) throws {
        self.text = text
        var scanner = JSONScanner(text.bytes, from: place.lowerBound)
        members.reserveCapacity(12)
        do {
            try scanner.enter("{")
            var isFirst = true
            while try scanner.hasNext(before: "}", isFirst: &isFirst) {
                let name = try scanner.string()
                try scanner.skip(":")
                members.append(Member(name: name, value: try scanner.placeOfValue()))
                // An escape can stand for any character of the name.
                if text.bytes[name].contains(UInt8(ascii: "\\")) { throw text.doubt() }
            }
        } catch {
            throw text.doubt()
        }
    }

    var codingPath: [any CodingKey] {
        _ = text.doubt()
        return []
    }

    var allKeys: [Key] {
        members.compactMap { Key(stringValue: String(decoding: text.bytes[$0.name], as: UTF8.self)) }
    }

    /// Where the value of a member stands; nil when there is none of this name.
    private func find(_ key: Key) throws -> Range<Int>? {
        var name = key.stringValue
        return try name.withUTF8 { name in
            var found: Range<Int>?
            for member in members where member.name.count == name.count {
                guard text.bytes[member.name].elementsEqual(name) else { continue }
                if found != nil { throw text.doubt() }
                found = member.value
            }
            return found
        }
    }

    private func place(of key: Key) throws -> Range<Int> {
        guard let place = try find(key) else { throw text.doubt() }
        return place
    }

    /// Where a value stands that may be left out, or null.
    private func placeIfPresent(of key: Key) throws -> Range<Int>? {
        guard let place = try find(key), !text.isNull(at: place) else { return nil }
        return place
    }

    func contains(_ key: Key) -> Bool { (try? find(key)) != nil }
    func decodeNil(forKey key: Key) throws -> Bool { text.isNull(at: try place(of: key)) }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try text.bool(at: place(of: key)) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try text.string(at: place(of: key)) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try text.double(at: place(of: key)) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { throw text.doubt() }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try text.integer(at: place(of: key)) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try text.integer(at: place(of: key)) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try text.integer(at: place(of: key)) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try text.integer(at: place(of: key)) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try text.integer(at: place(of: key)) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try text.integer(at: place(of: key)) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try text.integer(at: place(of: key)) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try text.integer(at: place(of: key)) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try text.integer(at: place(of: key)) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try text.integer(at: place(of: key)) }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try text.decode(type, at: place(of: key))
    }

    // What would otherwise be looked for three times.

    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        try placeIfPresent(of: key).map { try text.string(at: $0) }
    }

    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? {
        try placeIfPresent(of: key).map { try text.integer(at: $0) }
    }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        try placeIfPresent(of: key).map { try text.decode(type, at: $0) }
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        KeyedDecodingContainer(try JSONObjectContainer<Nested>(text: text, place: place(of: key)))
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try JSONArrayContainer(text: text, place: place(of: key))
    }

    func superDecoder() throws -> any Decoder { throw text.doubt() }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw text.doubt() }
}

/// The elements of an array.
private struct JSONArrayContainer: UnkeyedDecodingContainer {
    private let text: JSONText
    private var elements: [Range<Int>] = []
    private(set) var currentIndex = 0

    init(text: JSONText, place: Range<Int>) throws {
        self.text = text
        var scanner = JSONScanner(text.bytes, from: place.lowerBound)
        do {
            try scanner.enter("[")
            var isFirst = true
            while try scanner.hasNext(before: "]", isFirst: &isFirst) { elements.append(try scanner.placeOfValue()) }
        } catch {
            throw text.doubt()
        }
    }

    var codingPath: [any CodingKey] {
        _ = text.doubt()
        return []
    }

    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    /// Decodes the next element, and goes on only if that succeeds.
    private mutating func next<Value>(_ decode: (JSONText, Range<Int>) throws -> Value) throws -> Value {
        guard !isAtEnd else { throw text.doubt() }
        let value = try decode(text, elements[currentIndex])
        currentIndex += 1
        return value
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd else { throw text.doubt() }
        guard text.isNull(at: elements[currentIndex]) else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try next { try $0.bool(at: $1) } }
    mutating func decode(_ type: String.Type) throws -> String { try next { try $0.string(at: $1) } }
    mutating func decode(_ type: Double.Type) throws -> Double { try next { try $0.double(at: $1) } }
    mutating func decode(_ type: Float.Type) throws -> Float { throw text.doubt() }
    mutating func decode(_ type: Int.Type) throws -> Int { try next { try $0.integer(at: $1) } }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try next { try $0.integer(at: $1) } }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try next { try $0.integer(at: $1) } }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try next { try $0.integer(at: $1) } }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try next { try $0.integer(at: $1) } }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try next { try $0.integer(at: $1) } }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try next { try $0.integer(at: $1) } }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try next { try $0.integer(at: $1) } }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try next { try $0.integer(at: $1) } }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try next { try $0.integer(at: $1) } }
    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try next { try $0.decode(type, at: $1) }
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try next { KeyedDecodingContainer(try JSONObjectContainer<Nested>(text: $0, place: $1)) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try next { try JSONArrayContainer(text: $0, place: $1) }
    }

    mutating func superDecoder() throws -> any Decoder { throw text.doubt() }
}

/// Decodes one value of a ``JSONText``.
struct JSONTextDecoder: Decoder, SingleValueDecodingContainer {
    let text: JSONText
    let node: Int

    var userInfo: [CodingUserInfoKey: Any] { [:] }
    /// A type that asks for it reports an error, or decodes in an unusual way.
    var codingPath: [any CodingKey] {
        _ = text.doubt()
        return []
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(try JSONObjectContainer<Key>(text: text, node: node))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try JSONArrayContainer(text: text, node: node)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { self }

    func decodeNil() -> Bool { text.isNull(at: node) }
    func decode(_ type: Bool.Type) throws -> Bool { try text.bool(at: node) }
    func decode(_ type: String.Type) throws -> String { try text.string(at: node) }
    func decode(_ type: Double.Type) throws -> Double { try text.double(at: node) }
    func decode(_ type: Float.Type) throws -> Float { throw text.doubt() }
    func decode(_ type: Int.Type) throws -> Int { try text.integer(at: node) }
    func decode(_ type: Int8.Type) throws -> Int8 { try text.integer(at: node) }
    func decode(_ type: Int16.Type) throws -> Int16 { try text.integer(at: node) }
    func decode(_ type: Int32.Type) throws -> Int32 { try text.integer(at: node) }
    func decode(_ type: Int64.Type) throws -> Int64 { try text.integer(at: node) }
    func decode(_ type: UInt.Type) throws -> UInt { try text.integer(at: node) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try text.integer(at: node) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try text.integer(at: node) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try text.integer(at: node) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try text.integer(at: node) }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try text.decode(type, at: node) }
}

/// The members of an object.
private struct JSONObjectContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let text: JSONText
    private let node: Int

    init(text: JSONText, node: Int) throws {
        guard text.nodes[node].kind == .object else { throw text.doubt() }
        self.text = text
        self.node = node
    }

    var codingPath: [any CodingKey] {
        _ = text.doubt()
        return []
    }

    var allKeys: [Key] {
        var keys: [Key] = []
        var name = node + 1
        while name < Int(text.nodes[node].next) {
            // An escape can be any character of the name.
            if text.nodes[name].isEscaped { _ = text.doubt() }
            if let key = Key(stringValue: String(decoding: text.bytes[text.nodes[name].range], as: UTF8.self)) {
                keys.append(key)
            }
            name = Int(text.nodes[name + 1].next)
        }
        return keys
    }

    /// The value of a member; nil when there is none of this name.
    private func find(_ key: Key) throws -> Int? {
        var wanted = key.stringValue
        return try wanted.withUTF8 { wanted in
            try text.nodes.withUnsafeBufferPointer { nodes in
                var found: Int?
                var index = node + 1
                let end = Int(nodes[node].next)
                while index < end {
                    let name = nodes[index]
                    if name.isEscaped { throw text.doubt() }
                    if name.range.count == wanted.count, text.bytes[name.range].elementsEqual(wanted) {
                        if found != nil { throw text.doubt() }
                        found = index + 1
                    }
                    index = Int(nodes[index + 1].next)
                }
                return found
            }
        }
    }

    private func value(of key: Key) throws -> Int {
        guard let value = try find(key) else { throw text.doubt() }
        return value
    }

    /// A value that may be left out, or null.
    private func valueIfPresent(of key: Key) throws -> Int? {
        guard let value = try find(key), !text.isNull(at: value) else { return nil }
        return value
    }

    func contains(_ key: Key) -> Bool { (try? find(key)) != nil }
    func decodeNil(forKey key: Key) throws -> Bool { text.isNull(at: try value(of: key)) }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try text.bool(at: value(of: key)) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try text.string(at: value(of: key)) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try text.double(at: value(of: key)) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { throw text.doubt() }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try text.integer(at: value(of: key)) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try text.integer(at: value(of: key)) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try text.integer(at: value(of: key)) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try text.integer(at: value(of: key)) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try text.integer(at: value(of: key)) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try text.integer(at: value(of: key)) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try text.integer(at: value(of: key)) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try text.integer(at: value(of: key)) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try text.integer(at: value(of: key)) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try text.integer(at: value(of: key)) }
    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        try text.decode(type, at: value(of: key))
    }

    // The standard library's own versions would look for the member three times.

    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        try valueIfPresent(of: key).map { try text.string(at: $0) }
    }

    func decodeIfPresent(_ type: Int64.Type, forKey key: Key) throws -> Int64? {
        try valueIfPresent(of: key).map { try text.integer(at: $0) }
    }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        try valueIfPresent(of: key).map { try text.decode(type, at: $0) }
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        KeyedDecodingContainer(try JSONObjectContainer<Nested>(text: text, node: value(of: key)))
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try JSONArrayContainer(text: text, node: value(of: key))
    }

    func superDecoder() throws -> any Decoder { throw text.doubt() }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw text.doubt() }
}

/// The elements of an array.
private struct JSONArrayContainer: UnkeyedDecodingContainer {
    private let text: JSONText
    private let node: Int
    private var element: Int
    private(set) var currentIndex = 0

    init(text: JSONText, node: Int) throws {
        guard text.nodes[node].kind == .array else { throw text.doubt() }
        self.text = text
        self.node = node
        element = node + 1
    }

    var codingPath: [any CodingKey] {
        _ = text.doubt()
        return []
    }

    var count: Int? {
        var (count, element) = (0, node + 1)
        while element < Int(text.nodes[node].next) {
            count += 1
            element = Int(text.nodes[element].next)
        }
        return count
    }

    var isAtEnd: Bool { element == Int(text.nodes[node].next) }

    /// Decodes the next element, and advances only if that succeeds.
    private mutating func next<Value>(_ decode: (JSONText, Int) throws -> Value) throws -> Value {
        guard !isAtEnd else { throw text.doubt() }
        let value = try decode(text, element)
        advance()
        return value
    }

    private mutating func advance() {
        currentIndex += 1
        element = Int(text.nodes[element].next)
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd else { throw text.doubt() }
        guard text.isNull(at: element) else { return false }
        advance()
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
        try next { KeyedDecodingContainer(try JSONObjectContainer<Nested>(text: $0, node: $1)) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try next { try JSONArrayContainer(text: $0, node: $1) }
    }

    mutating func superDecoder() throws -> any Decoder { throw text.doubt() }
}

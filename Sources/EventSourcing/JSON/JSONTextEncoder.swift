/// Encodes one value of a ``JSONTextEncoding``.
struct JSONTextEncoder: Encoder, SingleValueEncodingContainer {
    let encoding: JSONTextEncoding
    let frame: JSONTextEncoding.Handle

    var userInfo: [CodingUserInfoKey: Any] { [:] }
    /// A type that asks for it reports an error, or encodes in an unusual way.
    var codingPath: [any CodingKey] {
        _ = encoding.doubt()
        return []
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        _ = encoding.beginObject(frame)
        return KeyedEncodingContainer(JSONObjectEncodingContainer(encoding: encoding, frame: frame))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        _ = encoding.beginArray(frame)
        return JSONArrayEncodingContainer(encoding: encoding, frame: frame)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        _ = encoding.beginSingle(frame)
        return self
    }

    /// A value follows, of which there is one.
    private func begin() throws -> JSONTextEncoding {
        try encoding.element(frame)
        return encoding
    }

    func encodeNil() throws { try begin().writeNil() }
    func encode(_ value: Bool) throws { try begin().write(value) }
    func encode(_ value: String) throws { try begin().write(value) }
    func encode(_ value: Double) throws { try begin().write(value) }
    func encode(_ value: Float) throws { try begin().write(value) }
    func encode(_ value: Int) throws { try begin().write(integer: value) }
    func encode(_ value: Int8) throws { try begin().write(integer: value) }
    func encode(_ value: Int16) throws { try begin().write(integer: value) }
    func encode(_ value: Int32) throws { try begin().write(integer: value) }
    func encode(_ value: Int64) throws { try begin().write(integer: value) }
    func encode(_ value: UInt) throws { try begin().write(integer: value) }
    func encode(_ value: UInt8) throws { try begin().write(integer: value) }
    func encode(_ value: UInt16) throws { try begin().write(integer: value) }
    func encode(_ value: UInt32) throws { try begin().write(integer: value) }
    func encode(_ value: UInt64) throws { try begin().write(integer: value) }
    func encode<Value: Encodable>(_ value: Value) throws { try begin().write(value) }
}

/// The members of an object.
private struct JSONObjectEncodingContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoding: JSONTextEncoding
    let frame: JSONTextEncoding.Handle

    var codingPath: [any CodingKey] {
        _ = encoding.doubt()
        return []
    }

    private func begin(_ key: Key) throws -> JSONTextEncoding {
        try encoding.member(key, frame)
        return encoding
    }

    func encodeNil(forKey key: Key) throws { try begin(key).writeNil() }
    func encode(_ value: Bool, forKey key: Key) throws { try begin(key).write(value) }
    func encode(_ value: String, forKey key: Key) throws { try begin(key).write(value) }
    func encode(_ value: Double, forKey key: Key) throws { try begin(key).write(value) }
    func encode(_ value: Float, forKey key: Key) throws { try begin(key).write(value) }
    func encode(_ value: Int, forKey key: Key) throws { try begin(key).write(integer: value) }
    func encode(_ value: Int8, forKey key: Key) throws { try begin(key).write(integer: value) }
    func encode(_ value: Int16, forKey key: Key) throws { try begin(key).write(integer: value) }
    func encode(_ value: Int32, forKey key: Key) throws { try begin(key).write(integer: value) }
    func encode(_ value: Int64, forKey key: Key) throws { try begin(key).write(integer: value) }
    func encode(_ value: UInt, forKey key: Key) throws { try begin(key).write(integer: value) }
    func encode(_ value: UInt8, forKey key: Key) throws { try begin(key).write(integer: value) }
    func encode(_ value: UInt16, forKey key: Key) throws { try begin(key).write(integer: value) }
    func encode(_ value: UInt32, forKey key: Key) throws { try begin(key).write(integer: value) }
    func encode(_ value: UInt64, forKey key: Key) throws { try begin(key).write(integer: value) }
    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try begin(key).write(value) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        KeyedEncodingContainer(
            JSONObjectEncodingContainer<Nested>(encoding: encoding, frame: nested(key, isObject: true)))
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        JSONArrayEncodingContainer(encoding: encoding, frame: nested(key, isObject: false))
    }

    private func nested(_ key: Key, isObject: Bool) -> JSONTextEncoding.Handle {
        // What fails here is a doubt, which the encoding remembers.
        _ = try? encoding.member(key, frame)
        return encoding.openNested(in: isObject)
    }

    func superEncoder() -> any Encoder {
        _ = encoding.doubt()
        return JSONTextEncoder(encoding: encoding, frame: frame)
    }

    func superEncoder(forKey key: Key) -> any Encoder { superEncoder() }
}

/// The elements of an array.
private struct JSONArrayEncodingContainer: UnkeyedEncodingContainer {
    let encoding: JSONTextEncoding
    let frame: JSONTextEncoding.Handle

    var codingPath: [any CodingKey] {
        _ = encoding.doubt()
        return []
    }

    var count: Int { encoding.count(frame) }

    private func begin() throws -> JSONTextEncoding {
        try encoding.element(frame)
        return encoding
    }

    func encodeNil() throws { try begin().writeNil() }
    func encode(_ value: Bool) throws { try begin().write(value) }
    func encode(_ value: String) throws { try begin().write(value) }
    func encode(_ value: Double) throws { try begin().write(value) }
    func encode(_ value: Float) throws { try begin().write(value) }
    func encode(_ value: Int) throws { try begin().write(integer: value) }
    func encode(_ value: Int8) throws { try begin().write(integer: value) }
    func encode(_ value: Int16) throws { try begin().write(integer: value) }
    func encode(_ value: Int32) throws { try begin().write(integer: value) }
    func encode(_ value: Int64) throws { try begin().write(integer: value) }
    func encode(_ value: UInt) throws { try begin().write(integer: value) }
    func encode(_ value: UInt8) throws { try begin().write(integer: value) }
    func encode(_ value: UInt16) throws { try begin().write(integer: value) }
    func encode(_ value: UInt32) throws { try begin().write(integer: value) }
    func encode(_ value: UInt64) throws { try begin().write(integer: value) }
    func encode<Value: Encodable>(_ value: Value) throws { try begin().write(value) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        KeyedEncodingContainer(JSONObjectEncodingContainer<Nested>(encoding: encoding, frame: nested(isObject: true)))
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        JSONArrayEncodingContainer(encoding: encoding, frame: nested(isObject: false))
    }

    private func nested(isObject: Bool) -> JSONTextEncoding.Handle {
        // What fails here is a doubt, which the encoding remembers.
        _ = try? encoding.element(frame)
        return encoding.openNested(in: isObject)
    }

    func superEncoder() -> any Encoder {
        _ = encoding.doubt()
        return JSONTextEncoder(encoding: encoding, frame: frame)
    }
}

/// A statement with its arguments: what one request asks of the server.
///
/// Make one where the arguments have names, where several statements travel together
/// (``PostgresClient/execute(atomically:timeout:)``), or to hand a statement on:
/// ```swift
/// let call = insert(tenant, id, document)
/// try await client.execute(call)
/// ```
public struct PostgresCall: Sendable {
    /// The statement, with places for the arguments.
    public let statement: PostgresStatement
    @usableFromInline let parameters: EncodedParameters

    @usableFromInline init(_ statement: PostgresStatement, encoded parameters: EncodedParameters) {
        self.statement = statement
        self.parameters = parameters
    }

    /// The statement with arguments by position.
    @inlinable public init<each Parameter: PostgresEncodable>(
        _ statement: PostgresStatement, _ parameter: repeat each Parameter
    ) {
        var parameters = EncodedParameters(capacity: 64)
        repeat parameters.append(each parameter)
        self.init(statement, encoded: parameters)
    }

    /// The bytes of the encoded arguments.
    public var size: Int { parameters.bytes.count }

    var key: StatementKey { StatementKey(statement: statement, signature: parameters.signature) }
}

extension PostgresStatement {
    /// The statement with arguments by position.
    @inlinable public func callAsFunction<each Parameter: PostgresEncodable>(
        _ parameter: repeat each Parameter
    ) -> PostgresCall {
        PostgresCall(self, repeat each parameter)
    }

    /// The statement with arguments by name.
    ///
    /// Nothing is looked up when they come in the order in which the statement names them first.
    /// - Throws: ``PostgresError/Code/arguments`` with the name that is missing, unknown or there twice.
    public func call(naming arguments: KeyValuePairs<String, any PostgresEncodable>) throws -> PostgresCall {
        PostgresCall(self, encoded: try encode(arguments))
    }

    /// The statement with arguments by name, collected in an array. It throws as the other one does.
    public func call(naming arguments: [(key: String, value: any PostgresEncodable)]) throws -> PostgresCall {
        PostgresCall(self, encoded: try encode(arguments))
    }

    private func encode<Arguments: RandomAccessCollection>(_ arguments: Arguments) throws -> EncodedParameters
    where Arguments.Element == (key: String, value: any PostgresEncodable), Arguments.Index == Int {
        var parameters = EncodedParameters(capacity: 64)
        for (number, name) in names.enumerated() {
            let isInOrder = number < arguments.count && arguments[arguments.startIndex + number].key == name
            let index = isInOrder ? arguments.startIndex + number : arguments.firstIndex { $0.key == name }
            guard let index else { throw PostgresError(.arguments, "the argument \(name) is missing: \(sql)") }
            let value: any PostgresEncodable = arguments[index].value
            parameters.append(value)
        }
        guard arguments.count == names.count else { throw surplus(arguments.map(\.key)) }
        return parameters
    }

    /// All names are there, and something besides.
    private func surplus(_ given: [String]) -> PostgresError {
        if let unknown = given.first(where: { !names.contains($0) }) {
            return PostgresError(.arguments, "there is no argument \(unknown): \(sql)")
        }
        let doubled = given.enumerated().first { given[..<$0.offset].contains($0.element) }
        return PostgresError(.arguments, "the argument \(doubled?.element ?? "") is there twice: \(sql)")
    }
}

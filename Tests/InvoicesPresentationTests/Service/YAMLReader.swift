import Foundation
import Yams

/// Reads YAML as the values that Yams makes of it, as the service's clients would.
enum YAMLReader {
    static func value(of yaml: Data) throws -> Value {
        value(of: try Yams.load(yaml: String(decoding: yaml, as: UTF8.self)))
    }

    private static func value(of any: Any?) -> Value {
        switch any {
        case let value as Bool: .bool(value)
        case let value as Int: .integer(Int64(value))
        case let value as Double: .number(value)
        case let value as String: .string(value)
        case let value as [Any]: .array(value.map { Self.value(of: $0) })
        case let value as [String: Any]: .object(value.mapValues { Self.value(of: $0) })
        default: .null
        }
    }
}

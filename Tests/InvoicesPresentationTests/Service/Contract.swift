import Foundation
import HTTPTypes
import InvoicesPresentation
import Testing

/// `openapi.yaml`, as what every answer in every test is held to.
struct Contract {
    static let document = Contract()

    let root: Value

    /// Without a document every check fails.
    private init() {
        let root = try? YAMLReader.value(of: Data(contentsOf: TestService.openAPI))
        self.root = root ?? .null
    }

    struct Operation {
        let path: String
        let method: String
        let content: Value

        var id: String { content["operationId"].string ?? "" }
    }

    var operations: [Operation] {
        root["paths"].members.flatMap { path, item in
            item.members.filter { ["get", "post", "put", "patch", "delete"].contains($0.key) }
                .map { Operation(path: path, method: $0.key, content: $0.value) }
        }
    }

    func operation(_ method: HTTPRequest.Method, at path: String) -> Operation? {
        let path = String(path.prefix { $0 != "?" })
        let parts = path.split(separator: "/")
        let method = method == .head ? "get" : method.rawValue.lowercased()
        // A path that stands as it is comes before templates that it matches.
        let isConcrete = root["paths"][path] != .null
        return operations.first { operation in
            guard !isConcrete || operation.path == path else { return false }
            let template = operation.path.split(separator: "/")
            return operation.method == method && template.count == parts.count
                && zip(template, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
    }

    /// Headers that belong to no operation, as the document's introduction says.
    private static let everywhere: Set<String> = ["content-type", "content-length", "content-encoding", "vary"]

    /// Checks that the answer is one that the document names: its status, headers, media type and members.
    func check(_ answer: Answer, to method: HTTPRequest.Method, at path: String) {
        #expect(root != .null, "openapi.yaml cannot be read")
        guard let operation = operation(method, at: path) else { return }
        let name = "\(operation.id) \(answer.status)"
        let response = resolve(operation.content["responses"]["\(answer.status)"])
        guard response != .null else {
            // What every request can be answered with, as the document's introduction says.
            #expect(answer.status == 413, "\(name) is not documented")
            return
        }
        let headers = response["headers"].members.mapValues(resolve)
        let sent = Set(answer.headers.map { $0.name.canonicalName }).subtracting(Self.everywhere)
        #expect(sent.isSubset(of: headers.keys.map { $0.lowercased() }), "\(name): headers")
        let required = headers.filter { $0.value["required"] == .bool(true) }
        #expect(sent.isSuperset(of: required.keys.map { $0.lowercased() }), "\(name): headers")
        guard response["content"] != .null else {
            #expect(answer.text.isEmpty && answer.headers[.contentType] == nil, "\(name) has no body")
            return
        }
        let mediaType = answer.headers[.contentType] ?? ""
        let content = response["content"][mediaType]
        #expect(content != .null, "\(name): media type \(mediaType)")
        if method != .head, answer.headers[.contentEncoding] == nil, mediaType.hasSuffix("json") {
            check(answer.json, against: content["schema"], at: name)
        }
    }

    /// Checks a value against a schema: types, bounds, and exactly the documented members.
    func check(_ value: Value, against schema: Value, at place: String) {
        let schema = resolve(schema)
        // A named schema, or null beside it.
        let choices = schema["oneOf"].elements
        if let named = choices.first(where: { $0["$ref"] != .null }) {
            guard value != .null || !choices.contains(where: { $0["type"] == "null" }) else { return }
            return check(value, against: named, at: place)
        }
        if let choice = schema["anyOf"].elements.first(where: { $0["type"].string == value.type }) {
            return check(value, against: choice, at: place)
        }
        let types = schema["type"].string.map { [$0] } ?? schema["type"].strings
        #expect(types.contains(value.type), "\(place) is \(value.type)")
        if schema["enum"] != .null { #expect(schema["enum"].elements.contains(value), "\(place) is none of its enum") }
        switch value {
        case .integer(let number):
            if case .integer(let least) = schema["minimum"] { #expect(number >= least, "\(place)") }
            if case .integer(let most) = schema["maximum"] { #expect(number <= most, "\(place)") }
        case .string(let text):
            if case .integer(let most) = schema["maxLength"] { #expect(text.count <= most, "\(place)") }
            if let pattern = schema["pattern"].string {
                #expect(text.range(of: pattern, options: .regularExpression) != nil, "\(place) matches its pattern")
            }
            if let format = schema["format"].string { #expect(text.has(format), "\(place) is a \(format)") }
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                check(element, against: schema["items"], at: "\(place)[\(index)]")
            }
        case .object(let members):
            for name in schema["required"].strings { #expect(members[name] != nil, "\(place).\(name) is missing") }
            for (name, member) in members {
                let property = schema["properties"][name]
                #expect(property != .null, "\(place).\(name) is not documented")
                if property != .null { check(member, against: property, at: "\(place).\(name)") }
            }
        case .null, .bool, .number: break
        }
    }

    /// What a `$ref` stands for; the value itself when it is none.
    func resolve(_ value: Value) -> Value {
        guard let reference = value["$ref"].string else { return value }
        return resolve(reference.split(separator: "/").dropFirst().reduce(root) { $0[String($1)] })
    }
}

extension Value {
    fileprivate var type: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}

extension String {
    fileprivate func has(_ format: String) -> Bool {
        switch format {
        case "uuid": UUID(uuidString: self) != nil
        case "date": wholeMatch(of: /\d{4}-\d\d-\d\d/) != nil
        case "date-time": wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3}|\.\d{6})?Z/) != nil
        default: true
        }
    }
}

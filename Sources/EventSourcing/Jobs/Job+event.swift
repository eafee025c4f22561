import FoundationEssentials

extension Job {
    /// An event as a job: its id is that of the event, so that an event that is delivered again is the same job; its name is
    /// the event's type.
    ///
    /// The data is a JSON object: `eventId`, `type`, `payload` and `metadata` as they were stored, and `tenant`, `stream`,
    /// `revision`, `position`, `recordedAt` and, for an event that has one, `number`. A payload that is not JSON is in
    /// `payloadBase64`, such metadata in `metadataBase64`.
    public init(for event: RecordedEvent, options: JobOptions = JobOptions()) {
        let data = JSONWriter.bytes(capacity: event.data.bytes.count + event.metadata.bytes.count + 512) { json in
            json.object { json in
                json.member("eventId", event.id)
                json.member("type", event.type.rawValue)
                if event.data.isJSON {
                    json.member("payload") { $0.literal(event.data.bytes) }
                } else {
                    json.member("payloadBase64", Data(event.data.bytes).base64EncodedString())
                }
                if event.metadata.isJSON {
                    json.member("metadata") { $0.literal(event.metadata.bytes) }
                } else {
                    json.member("metadataBase64", Data(event.metadata.bytes).base64EncodedString())
                }
                json.member("tenant", event.tenant.rawValue)
                json.member("stream", event.stream.rawValue)
                json.member("revision", event.revision.rawValue)
                json.member("position", event.position.rawValue)
                json.member("recordedAt", event.recordedAt)
                if let number = event.number { json.member("number", number) }
            }
        }
        self.init(id: event.id.text, name: event.type.rawValue, data: EventPayload(bytes: data), options: options)
    }
}

extension RecordedEvent {
    /// The event of a job: what ``Job/init(for:options:)`` wrote, also after a queue has formatted the JSON in its own way.
    ///
    /// - Throws: ``MalformedJSON``, `DecodingError` and ``InvalidName`` when the data is none that it wrote.
    public init(in job: Job) throws {
        let members = try JSONMembers(job.data)
        func member<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) throws -> Value {
            guard let value = try members.decode(name, as: type) else {
                throw MalformedJSON("the member \"\(name)\" is missing")
            }
            return value
        }
        func payload(_ name: String) throws -> EventPayload {
            if let payload = members.value(name) { return payload }
            guard let bytes = Data(base64Encoded: try member(name + "Base64", as: String.self)) else {
                throw MalformedJSON("the member \"\(name)Base64\" is not Base64")
            }
            return EventPayload(bytes: [UInt8](bytes))
        }
        guard let id = UUID(text: try member("eventId")) else {
            throw MalformedJSON("the member \"eventId\" is not a UUID")
        }
        self.init(
            position: Position(try member("position")), stream: try StreamName(try member("stream")),
            revision: Revision(try member("revision")), id: id, type: try EventType(try member("type")),
            data: try payload("payload"), metadata: try payload("metadata"), recordedAt: try member("recordedAt"),
            number: try members.decode("number", as: Int64.self))
    }
}

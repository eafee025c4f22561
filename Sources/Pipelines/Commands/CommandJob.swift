public import EventSourcing
import FoundationEssentials

/// A command as the data of a job: its payload, its key, and the context that it was sent in.
///
/// The name is that of the job, too. The time of the context is that of the sender: a command that is tried again is decided
/// by the same time.
struct CommandJob {
    let payload: EventPayload
    let key: CommandKey
    let context: MessageContext

    /// The members beside the payload.
    private struct Envelope: Codable {
        let commandId: String
        let requestHash: Data
        let tenant: String
        let correlationId: String
        let causationId: String
        let user: User?
        let caller: String?
        let traceparent: String?
        let source: String
        let sentAt: Date
    }

    init(payload: EventPayload, key: CommandKey, context: MessageContext) {
        self.payload = payload
        self.key = key
        self.context = context
    }

    func data(of name: String) throws -> EventPayload {
        let envelope = try EventPayload(
            encoding: Envelope(
                commandId: key.id, requestHash: Data(key.requestHash), tenant: context.tenant.rawValue,
                correlationId: context.correlationID, causationId: context.causationID, user: context.user,
                caller: context.caller, traceparent: context.traceparent, source: context.source, sentAt: context.now))
        return EventPayload(
            bytes: JSONWriter.bytes(capacity: payload.bytes.count + envelope.bytes.count + 128) { json in
                json.object { json in
                    json.member("command", name)
                    json.member("payload") { $0.literal(payload.bytes) }
                    json.member("context") { $0.literal(envelope.bytes) }
                }
            })
    }

    /// Reads what ``data(of:)`` wrote, also after a queue has formatted the JSON in its own way.
    ///
    /// - Throws: ``UnreadableCommandJob``.
    init(_ job: Job) throws(UnreadableCommandJob) {
        do {
            let members = try JSONMembers(job.data)
            guard let payload = members.value("payload"),
                let envelope = try members.decode("context", as: Envelope.self)
            else { throw UnreadableCommandJob(id: job.id, reason: "the payload or the context is missing") }
            self.payload = payload
            key = try CommandKey(id: envelope.commandId, requestHash: [UInt8](envelope.requestHash))
            context = MessageContext(
                tenant: try TenantID(envelope.tenant), correlationID: envelope.correlationId,
                causationID: envelope.causationId, command: key, user: envelope.user, caller: envelope.caller,
                traceparent: envelope.traceparent, source: envelope.source, now: envelope.sentAt)
        } catch let error as UnreadableCommandJob {
            throw error
        } catch {
            throw UnreadableCommandJob(id: job.id, reason: "\(error)")
        }
    }
}

/// A job of a queue of commands that no ``CommandSender`` has made.
public struct UnreadableCommandJob: CategorizedError, Hashable, CustomStringConvertible {
    /// Of the job.
    public let id: String
    /// What is wrong.
    public let reason: String

    /// Put the message aside, and look at it.
    public var category: ErrorCategory { .poison }

    /// Names the job, and says what is wrong.
    public var description: String { "job \(id) is not a command: \(reason)" }
}

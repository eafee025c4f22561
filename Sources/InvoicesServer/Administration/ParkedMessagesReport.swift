import EventSourcing
import FoundationEssentials

/// Parked messages and those behind them: the document of `invoices subscriptions parked`.
struct ParkedMessagesReport: Encodable {
    struct Message: Encodable {
        enum State: String, Encodable {
            case parked
            /// It is behind a parked one of its stream.
            case waits
            /// It was given back, and comes when there is room.
            case returns
        }

        let position: Int64
        let stream: String
        let eventID: String
        let type: String
        let state: State
        let attempts: Int?
        let parkedAt: Date?
        let reason: String?

        init(_ message: ParkedMessage) {
            position = message.event.position.rawValue
            stream = message.event.stream.rawValue
            eventID = message.event.id.text
            type = message.event.type.rawValue
            (state, attempts, parkedAt, reason) =
                switch message.state {
                case .parked(let attempts, let reason, let moment): (.parked, attempts, moment, reason)
                case .waits: (.waits, nil, nil, nil)
                case .returns: (.returns, nil, nil, nil)
                }
        }
    }

    let subscription: String
    let messages: [Message]
    /// There are more behind the last one.
    let hasMore: Bool

    var text: String {
        guard let last = messages.last else { return "Subscription \(subscription) has parked no messages." }
        var table = TextTable(" POSITION", "STREAM", "TYPE", "STATE", " TRIES", "SINCE", "WHY")
        for message in messages {
            table.add(
                "\(message.position)", message.stream, message.type, message.state.rawValue,
                message.attempts.map { "\($0)" } ?? "", message.parkedAt.map { $0.spoken() } ?? "",
                message.reason ?? "")
        }
        return table.text + (hasMore ? "\nThere are more: --after \(last.position)" : "")
    }
}

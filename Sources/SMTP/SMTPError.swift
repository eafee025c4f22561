/// Why a mail was not sent, or is not known to be.
public enum SMTPError: Error, Hashable, CustomStringConvertible {
    /// A mail that cannot be sent to anybody: a header with a line break, an address that is none.
    case invalidMail(String)
    /// The relay refused the mail or its recipient.
    case refused(SMTPReply, step: String)
    /// The relay refused the session: the client, its encryption or its credentials. The mail itself may be valid.
    case sessionRefused(SMTPReply, step: String)
    /// The relay lacks what the configuration asks for.
    case unsupported(String)
    /// The connection could not be made.
    case unreachable(String)
    /// TLS failed.
    case tls(String)
    /// The relay does not speak SMTP as it is written.
    case protocolViolation(String)
    /// The connection was lost.
    case disconnected(step: String)
    /// The time for the mail was over.
    case timedOut(step: String)
    /// The connection was lost, or the time was over, after all of the mail was sent and before the relay's reply: it may have
    /// taken the mail. A repetition has the same Message-ID.
    case outcomeUnknown(String)

    /// Whether sending the same mail again is useless.
    public var isPermanent: Bool {
        switch self {
        case .invalidMail: true
        case .refused(let reply, _): reply.isPermanent
        case .sessionRefused, .unsupported, .unreachable, .tls, .protocolViolation, .disconnected, .timedOut,
            .outcomeUnknown:
            false
        }
    }

    /// What went wrong, in the server's words where it has said something.
    public var description: String {
        switch self {
        case .invalidMail(let reason): "the mail cannot be sent: \(reason)"
        case .refused(let reply, let step): "the mail relay refused the mail at \(step): \(reply)"
        case .sessionRefused(let reply, let step): "the mail relay refused the session at \(step): \(reply)"
        case .unsupported(let reason): "the mail relay cannot be used: \(reason)"
        case .unreachable(let reason): "the mail relay cannot be reached: \(reason)"
        case .tls(let reason): "the mail relay's TLS failed: \(reason)"
        case .protocolViolation(let reason): "the mail relay broke the protocol: \(reason)"
        case .disconnected(let step): "the connection to the mail relay was lost at \(step)"
        case .timedOut(let step): "the mail relay took too long, at \(step)"
        case .outcomeUnknown(let reason): "the mail relay may have taken the mail: \(reason)"
        }
    }
}

/// An aggregate refused a command: what its decision threw, in a form that can be stored and sent.
///
/// A refusal of a command that has a key is stored with it, and is the answer whenever the command is sent again.
public struct CommandRefused: Error, Hashable, Sendable {
    /// The command's name.
    public let command: String
    /// What is wrong, for programs; nil when the decision's error has no code, see ``RefusalCode``.
    public let code: String?
    /// What is wrong, in a sentence.
    public let reason: String
    /// True when the command had been refused before, and this is the refusal of then.
    public let isRepetition: Bool

    /// For senders of one's own.
    public init(command: String, code: String? = nil, reason: String, isRepetition: Bool = false) {
        self.command = command
        self.code = code
        self.reason = reason
        self.isRepetition = isRepetition
    }

    /// The refusal that an error of a decision is; nil when it is none, but a failure of another ``ErrorCategory``.
    init?(_ error: any Error, of command: String) {
        if let error = error as? any CategorizedError, error.category != .validation { return nil }
        self.init(command: command, code: (error as? any RefusalCode)?.code, reason: "\(error)")
    }
}

extension CommandRefused: CategorizedError, CustomStringConvertible {
    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }

    /// Names the command, and says why.
    public var description: String { "\(command) was refused: \(reason)" }
}

/// A domain error whose refusals programs tell apart.
public protocol RefusalCode: Error {
    /// Short and stable, such as `product-inactive`.
    var code: String { get }
}

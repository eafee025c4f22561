/// An intent to change something, what it may reach, and what it answers.
///
/// A command is executed by the ``CommandBus`` of its reach. The conformance is the registry: there is nothing to
/// register and nothing to forget.
public protocol Command<Reach>: Sendable {
    /// What executing may touch: aggregates, never a read model.
    associatedtype Reach: Sendable
    associatedtype Response: Sendable = Void

    /// The command's name in logs, spans and metrics: `<context>.<aggregate>.<action>`.
    static var name: String { get }

    func execute(in reach: Reach) async throws -> Response
}

/// A question, what it may reach, and its answer. Its reach holds read models and nothing that can append.
public protocol Query<Reach>: Sendable {
    associatedtype Reach: Sendable
    associatedtype Answer: Sendable

    /// The query's name in logs, spans and metrics: `<context>.<aggregate>.<question>`.
    static var name: String { get }

    func answer(from reach: Reach) async throws -> Answer
}

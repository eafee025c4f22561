import EventSourcing
import FoundationEssentials
import Pipelines

/// Watches over a loan until the book is back: one that is not back in time falls due.
struct LoanPeriod: ProcessManager {
    typealias Command = FollowUpLoan

    static let category: StreamCategory = {
        do { return try StreamCategory("library.loan_period.v1") } catch { preconditionFailure("\(error)") }
    }()

    let loans: StreamCategory

    var filter: LogFilter { LogFilter(categories: [loans]) }

    func instance(for event: RecordedEvent) -> String? { String(event.stream.entityID) }

    func react(to input: Input, in state: State, at now: Date) throws -> [Action] {
        switch input {
        case .event(let record):
            switch try Recorded<LoanEvent>(decoding: record)?.event {
            case .lent(let lent):
                [.record(Begun(loanId: String(record.stream.entityID))), .setDeadline("return", at: lent.dueAt)]
            case .renewed(let renewed): [.setDeadline("return", at: renewed.dueAt)]
            case .returned: [.end]
            case .fallenDue, nil: []
            }
        case .deadlineReached: state.loanId.map { [.send(FollowUpLoan(loanId: $0))] } ?? []
        case .commandRefused: []
        }
    }

    struct State: EventSourced {
        private(set) var loanId: String?
        mutating func evolve(_ begun: Begun) { loanId = begun.loanId }
    }

    /// What the process has to know when a deadline is reached: which loan it is about.
    struct Begun: DomainEvent, Codable, Hashable {
        enum Name: String, CaseIterable { case begun = "library.loan_period.begun.v1" }

        let loanId: String

        var name: Name { .begun }
        func encode() throws -> EventPayload { try EventPayload(encoding: self) }
        init(loanId: String) { self.loanId = loanId }
        init(_ name: Name, from payload: EventPayload) throws { self = try payload.decode(Self.self) }
    }
}

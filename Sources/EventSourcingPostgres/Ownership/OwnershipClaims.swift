import EventSourcing

/// Who in this process wants which resource, and which of them the process's session has.
struct OwnershipClaims {
    private enum Hold {
        /// The session does not have it: the first in line wants it.
        case none
        /// The session has it, and the first in line is at work.
        case held
        /// The session has lost it, and the first in line is about to end.
        case lost
    }

    private struct Line {
        var turns: [OwnershipTurn] = []
        var hold = Hold.none
    }

    /// What the session is to do next.
    struct Step: Hashable {
        var released: [String] = []
        var wanted: [String] = []
        var held: [String] = []

        var isEmpty: Bool { released.isEmpty && wanted.isEmpty && held.isEmpty }
    }

    private var lines: [String: Line] = [:]
    /// What the session holds and no candidate needs any more.
    private var released: Set<String> = []

    var held: [String] { lines.filter { $0.value.hold == .held }.keys.sorted() }

    mutating func enter(_ turn: OwnershipTurn) {
        lines[turn.resource, default: Line()].turns.append(turn)
    }

    mutating func leave(_ turn: OwnershipTurn) {
        guard var line = lines[turn.resource], let index = line.turns.firstIndex(where: { $0 === turn }) else { return }
        line.turns.remove(at: index)
        if index == 0 {
            if line.hold == .held { released.insert(turn.resource) }
            line.hold = .none
        }
        lines[turn.resource] = line.turns.isEmpty ? nil : line
    }

    /// What is released is wanted again only by the step after: other processes shall have their chance.
    var step: Step {
        let wanted = lines.filter { $0.value.hold == .none && !released.contains($0.key) }.keys
        return Step(released: released.sorted(), wanted: wanted.sorted(), held: held)
    }

    /// A step was taken, and gave the session some of what was wanted.
    mutating func took(_ step: Step, gaining gained: [String]) {
        released.subtract(step.released)
        for resource in gained {
            if let first = lines[resource]?.turns.first {
                lines[resource]?.hold = .held
                first.grant()
            } else {
                // Who wanted it has left meanwhile.
                released.insert(resource)
            }
        }
    }

    /// The session is gone, or as good as gone, with everything that it had.
    mutating func lostSession() {
        released.removeAll()
        for resource in held {
            lines[resource]?.hold = .lost
            lines[resource]?.turns.first?.lose()
        }
    }
}

import EventSourcing
import Testing

extension SubjectKeyStoreContract {
    static let creation: [Clause] = [
        Clause(promise: "a subject's first candidate becomes its key, and stays it") { fixture in
            let first = try fixture.candidate()
            #expect(try await fixture.keys.key(orStoring: first) == first)
            #expect(try await fixture.keys.key(orStoring: fixture.candidate()) == first)
        },
        Clause(promise: "of many candidates at once one becomes the key, for everybody") { fixture in
            let answers = try await withThrowingTaskGroup { group in
                for _ in 0..<12 {
                    group.addTask { try await fixture.keys.key(orStoring: fixture.candidate()) }
                }
                return try await group.reduce(into: Set<SubjectKey>()) { $0.insert($1) }
            }
            #expect(answers.count == 1)
        },
        Clause(promise: "a subject has another key in another tenant") { fixture in
            let ours = try await fixture.keys.key(orStoring: fixture.candidate())
            let theirs = try await fixture.keys.key(orStoring: fixture.candidate(in: fixture.otherTenant))
            #expect(ours.material != theirs.material)
            let crossed = SubjectKeyReference(id: ours.id, tenant: fixture.otherTenant)
            #expect(try await fixture.keys.keys([crossed]).isEmpty)
        },
        Clause(promise: "keys are looked up together; one that never was is not in the answer") { fixture in
            let (one, two) = (try fixture.candidate("one"), try fixture.candidate("two"))
            for key in [one, two] { _ = try await fixture.keys.key(orStoring: key) }
            let unknown = try fixture.candidate("three")
            let found = try await fixture.keys.keys([one.reference, two.reference, unknown.reference])
            #expect(found == [one.reference: .live(one), two.reference: .live(two)])
        },
    ]

    static let destruction: [Clause] = [
        Clause(promise: "a destroyed key is known as destroyed, and no other takes its place") { fixture in
            let key = try await fixture.keys.key(orStoring: fixture.candidate())
            let tombstone = try fixture.tombstone()
            #expect(try await fixture.administration.destroyKey(leaving: tombstone) == tombstone)
            #expect(try await fixture.keys.keys([key.reference]) == [key.reference: .destroyed(key.subject)])
            await #expect(throws: SubjectForgotten(key.subject, in: fixture.tenant)) {
                try await fixture.keys.key(orStoring: fixture.candidate())
            }
        },
        Clause(promise: "a subject that never had a key never gets one once it was forgotten") { fixture in
            let tombstone = try fixture.tombstone()
            #expect(try await fixture.administration.destroyKey(leaving: tombstone) == tombstone)
            await #expect(throws: SubjectForgotten(tombstone.subject, in: fixture.tenant)) {
                try await fixture.keys.key(orStoring: fixture.candidate())
            }
        },
        Clause(promise: "destroying again answers with the first tombstone") { fixture in
            _ = try await fixture.keys.key(orStoring: fixture.candidate())
            let first = try fixture.tombstone(reason: "first")
            _ = try await fixture.administration.destroyKey(leaving: first)
            #expect(try await fixture.administration.destroyKey(leaving: fixture.tombstone(reason: "second")) == first)
        },
        Clause(promise: "other subjects, and the subject in other tenants, keep their keys") { fixture in
            let neighbours = [try fixture.candidate("person-2"), try fixture.candidate(in: fixture.otherTenant)]
            for key in neighbours { _ = try await fixture.keys.key(orStoring: key) }
            _ = try await fixture.administration.destroyKey(leaving: fixture.tombstone())
            for key in neighbours { #expect(try await fixture.keys.key(orStoring: key) == key) }
        },
    ]

    static let notices: [Clause] = [
        Clause(promise: "a notice is pending until it is known to be in the log") { fixture in
            let (one, two) = (try fixture.tombstone("one"), try fixture.tombstone("two"))
            for tombstone in [one, two] { _ = try await fixture.administration.destroyKey(leaving: tombstone) }
            #expect(Set(try await fixture.pending()) == [one, two])
            try await fixture.administration.noticeAppended(one, at: Position(7))
            #expect(try await fixture.pending() == [two])
            let settled = try await fixture.administration.destroyKey(leaving: fixture.tombstone("one"))
            #expect(settled.notice == .appended(Position(7)))
        },
        Clause(promise: "the first position that was noted for a notice stays") { fixture in
            let tombstone = try fixture.tombstone()
            _ = try await fixture.administration.destroyKey(leaving: tombstone)
            for position in [3, 4] as [Int64] {
                try await fixture.administration.noticeAppended(tombstone, at: Position(position))
            }
            let settled = try await fixture.administration.destroyKey(leaving: fixture.tombstone())
            #expect(settled.notice == .appended(Position(3)))
        },
    ]
}

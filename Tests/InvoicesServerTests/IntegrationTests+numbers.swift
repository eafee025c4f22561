import Foundation
import PostgresTesting
import Synchronization
import Testing

#if canImport(Glibc)
import Glibc
#endif

extension IntegrationTests {
    /// Numbers of invoices, which must have no gaps whatever happens.
    @Suite struct Numbers {
        @Test func `numbers count 1…n through conflicts, refusals, repetitions and kill -9`() async throws {
            let databases = try await TestDatabases.make()
            let ledger = Ledger()
            for _ in 0..<3 {
                try await InvoicesProgram.serving(environment: databases.environment) { service in
                    try await issue(on: service, noting: ledger, until: ledger.count + 150, thenKill: true)
                }
            }
            try await InvoicesProgram.serving(environment: databases.environment) { service in
                try await issue(on: service, noting: ledger, until: ledger.count + 150, thenKill: false)
                let invoices = try await service.numbered()
                let numbers = Dictionary(uniqueKeysWithValues: invoices.map { ($0.id, $0.number) })
                for (id, number) in ledger.numbers { #expect(numbers[id] == number) }
                #expect(ledger.numbers.count >= 600)
                #expect(invoices.contains { $0.number == nil && $0.state == "void" })
                #expect(invoices.contains { $0.number != nil && $0.state == "void" })
                let series = Dictionary(grouping: numbers.values.compactMap(\.self)) { $0.dropLast(6) }
                #expect(series.count >= 2)
                for (name, numbers) in series {
                    let counted = numbers.compactMap { Int($0.suffix(6)) }.sorted()
                    #expect(counted == Array(1...counted.count), "\(name)")
                }
            }
        }

        /// 64 issuers at once, until so many numbers are known; then the service is killed in the middle of the others'
        /// requests, or they end theirs.
        private func issue(
            on service: RunningInvoices, noting ledger: Ledger, until count: Int, thenKill isToBeKilled: Bool
        ) async throws {
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for issuer in 0..<64 {
                    group.addTask {
                        while ledger.count < count, try await issueOne(on: service, as: issuer, noting: ledger) {}
                        return ledger.isFirst(toReach: count)
                    }
                }
                for try await isFirst in group where isFirst && isToBeKilled {
                    service.send(SIGKILL)
                    // Requests that wait for a connection would wait for their time-out.
                    group.cancelAll()
                }
            }
        }

        /// Issues a draft, in a race with somebody else; the one that was left by the process before comes first.
        ///
        /// - Returns: whether the service still answers.
        private func issueOne(on service: RunningInvoices, as issuer: Int, noting ledger: Ledger) async throws -> Bool {
            guard let draft = await ledger.draft(of: issuer, else: { try? await service.draft() }) else { return false }
            let series = issuer.isMultiple(of: 2) ? "EVEN" : "ODD"
            // What is wrong takes no number.
            guard let wrong = try? await service.post("\(draft)/issue", #"{"series": "\#(series)", "number": 1}"#),
                let outdated = try? await service.post(
                    "\(draft)/issue", #"{"series": "\#(series)"}"#, headers: ["If-Match": #""9""#])
            else { return false }
            #expect(wrong.status == 422)
            #expect(outdated.status == 412)
            async let rival = try? service.post("\(draft)/issue", #"{"series": "\#(series)"}"#)
            let own = try? await service.post("\(draft)/issue", #"{"series": "\#(series)"}"#)
            for answer in [own, await rival].compactMap(\.self) {
                #expect([200, 409].contains(answer.status), "\(answer.status)")
                if answer.status == 200 { try ledger.note(answer) }
            }
            guard own != nil else { return false }
            ledger.isDone(issuer)
            guard issuer.isMultiple(of: 5) else { return true }
            guard (try? await service.post("\(draft)/void", #"{"reason": "a mistake"}"#)) != nil,
                let unnumbered = try? await service.draft()
            else { return false }
            return (try? await service.post("\(unnumbered)/void", #"{"reason": "a mistake"}"#)) != nil
        }
    }
}

/// What issuers have been told, and what they have still to do.
private final class Ledger: Sendable {
    private struct State {
        var numbers: [String: String] = [:]
        var drafts: [Int: String] = [:]
        var reached = 0
    }

    private let state = Mutex(State())

    var numbers: [String: String] { state.withLock(\.numbers) }
    var count: Int { state.withLock(\.numbers.count) }

    /// Whether so many numbers are known, and nobody was told so before.
    func isFirst(toReach count: Int) -> Bool {
        state.withLock { state in
            guard state.numbers.count >= count, state.reached < count else { return false }
            state.reached = count
            return true
        }
    }

    /// The path of the draft that the issuer is about.
    func draft(of issuer: Int, else make: () async -> String?) async -> String? {
        if let draft = state.withLock({ $0.drafts[issuer] }) { return draft }
        let draft = await make()
        state.withLock { $0.drafts[issuer] = draft }
        return draft
    }

    func isDone(_ issuer: Int) { state.withLock { $0.drafts[issuer] = nil } }

    /// No invoice is told two numbers.
    func note(_ answer: Answer) throws {
        let invoice = try JSONDecoder().decode(Numbered.self, from: answer.body)
        let number = try #require(invoice.number)
        let before = state.withLock { $0.numbers.updateValue(number, forKey: invoice.id) }
        #expect(before == nil || before == number)
    }
}

private struct Numbered: Decodable {
    let id: String
    let number: String?
    let state: String

    struct Page: Decodable {
        let data: [Numbered]
        let nextCursor: String?
    }
}

extension RunningInvoices {
    /// Creates a draft; its path.
    fileprivate func draft() async throws -> String {
        let answer = try await post("/invoices", #"{"customerId":"\#(UUID())","amount":1250,"draft":true}"#)
        return try #require(answer.headers["location"])
    }

    /// Every invoice, once reads show all that was written.
    fileprivate func numbered() async throws -> [Numbered] {
        _ = try await create()
        var invoices: [Numbered] = []
        var query: String? = ""
        while let cursor = query {
            let answer = try await get("/invoices?limit=200\(cursor)")
            let page = try JSONDecoder().decode(Numbered.Page.self, from: answer.body)
            invoices += page.data
            query = page.nextCursor.map { "&cursor=\($0)" }
        }
        return invoices
    }
}

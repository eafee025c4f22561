import Glibc
import PostgresTesting
import Testing

extension IntegrationTests {
    @Suite struct Stream {
        private func serving(
            _ body: @escaping @Sendable (RunningInvoices) async throws -> Void
        ) async throws -> InvoicesProgram.Ending {
            let databases = try await TestDatabases.make()
            return try await InvoicesProgram.serving(environment: databases.environment, body)
        }

        @Test func `who is cut off and comes back misses nothing and hears nothing twice`() async throws {
            let ending = try await serving { service in
                var ids: [String] = []
                for amount in 1...7 { ids.append(try await service.create(amount: Int64(amount)).id) }
                var (heard, last): ([ServerSentEvent], String?) = ([], nil)
                // Each invoice is one event, and some are made out while nobody listens.
                while heard.count < 24 {
                    let part = try await service.listen("?after=start", after: last, untilEvents: 3)
                    heard += part.events
                    last = part.lastID
                    for _ in 1...3 { ids.append(try await service.create().id) }
                }
                #expect(Set(heard.map(\.id)).count == heard.count)
                let told = try heard.map { event in
                    let json = try event.json
                    #expect(json["type"] as? String == event.type)
                    let data = try #require(json["data"] as? [String: Any])
                    #expect(data["invoiceId"] as? String == json["invoiceId"] as? String)
                    #expect((json["occurredAt"] as? String)?.hasSuffix("Z") == true)
                    return "\(json["invoiceId"] as? String ?? "") \(json["revision"] as? Int ?? -1) \(event.type)"
                }
                let happened = ids.map { "\($0) 0 invoices.invoice.created.v3" }
                #expect(told == Array(happened.prefix(told.count)))
            }
            #expect(ending.exitCode == 0)
        }

        @Test func `two listeners hear the same, and without an id from now on`() async throws {
            let ending = try await serving { service in
                _ = try await service.create(amount: 1)
                let (started, start) = AsyncStream<Void>.makeStream()
                async let one = service.listen(untilEvents: 2, onStart: { start.yield() })
                async let other = service.listen(untilEvents: 2, onStart: { start.yield() })
                for await _ in started.prefix(2) {}
                let ids = [try await service.create(amount: 2).id, try await service.create(amount: 3).id]
                let heard = (try await one, try await other)
                #expect(heard.0.events == heard.1.events)
                let told = try heard.0.events.map { try $0.json["invoiceId"] as? String }
                #expect(told == ids)
            }
            #expect(ending.exitCode == 0)
        }

        @Test func `open streams do not hold up the end of the service`() async throws {
            let ending = try await serving { service in
                let start = ContinuousClock.now
                let heard = try await service.listen(onStart: { service.send(SIGTERM) })
                #expect(heard.events.isEmpty && heard.lastID != nil)
                // Sooner than the next sign of life.
                #expect(ContinuousClock.now - start < .seconds(14))
            }
            #expect(ending.exitCode == 0)
        }

        @Test func `an id of another log is refused, and so is what is none`() async throws {
            let ending = try await serving { service in
                _ = try await service.create()
                let id = try #require(try await service.listen("?after=start", untilEvents: 1).lastID)
                for wrong in ["1", String(id.dropLast()), "AwAA"] {
                    let answer = try await service.get("/invoices/stream", headers: ["Last-Event-ID": wrong])
                    #expect(answer.status == 400)
                }
                let other = try await TestDatabases.make()
                let ending = try await InvoicesProgram.serving(environment: other.environment) { another in
                    _ = try await another.create()
                    let answer = try await another.get("/invoices/stream", headers: ["Last-Event-ID": id])
                    #expect(answer.status == 400)
                }
                #expect(ending.exitCode == 0)
            }
            #expect(ending.exitCode == 0)
        }
    }
}

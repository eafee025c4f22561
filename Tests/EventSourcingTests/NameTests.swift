import EventSourcing
import Testing

@Suite struct NameTests {
    @Test(arguments: ["core", "acme", "A1", "tenant_1", "eu.acme", String(repeating: "a", count: 64)])
    func `a tenant of letters, digits, underscores and dots is valid`(_ text: String) throws {
        #expect(try TenantID(text).rawValue == text)
    }

    @Test(arguments: ["", "with-hyphen", "with space", "ümlaut", "a/b", "a'b", String(repeating: "a", count: 65)])
    func `any other tenant is refused`(_ text: String) {
        #expect(throws: InvalidName.self) { try TenantID(text) }
    }

    @Test func `a stream name joins category, tenant and entity`() throws {
        let category = try StreamCategory(context: "banking", aggregate: "currency", schema: 1)
        let stream = try StreamName(category: category, tenant: TenantID("core"), entityID: "USD")
        #expect(stream.description == "banking.currency.v1-core-USD")
    }

    @Test func `a stream name is read back into its parts, hyphens in the entity included`() throws {
        let stream = try StreamName("invoices.invoice.v2-acme-0190-77")
        #expect(stream.category == "invoices.invoice.v2")
        #expect(stream.tenant.rawValue == "acme")
        #expect(stream.entityID == "0190-77")
    }

    @Test(arguments: [
        "", "invoices", "invoices.invoice.v1", "invoices.invoice.v1-acme", "invoices.invoice.v1-acme-",
        "invoices.invoice.v0-acme-1", "invoices.invoice.v01-acme-1", "Invoices.invoice.v1-acme-1",
        "invoices.v1-acme-1", "invoices.invoice.v1-acme-a b", "invoices.invoice.v1--1", "1x.invoice.v1-acme-1",
    ])
    func `a stream name that breaks the scheme is refused`(_ text: String) {
        #expect(throws: InvalidName.self) { try StreamName(text) }
    }

    @Test func `an event type tells its schema version`() throws {
        #expect(try EventType("invoices.invoice.paid.v12").schemaVersion == 12)
    }

    @Test(arguments: [
        "", "paid", "invoices.invoice.paid", "invoices.invoice.paid.1", "invoices.invoice.paid.v0",
        "invoices.invoice.Paid.v1", "invoices.invoice..v1", "a.b.c.d.v1", "invoices.invoice.paid.v1 ",
    ])
    func `an event type that breaks the scheme is refused`(_ text: String) {
        #expect(throws: InvalidName.self) { try EventType(text) }
    }

    @Test(arguments: ["invoices.INV-2026", "a", "_", String(repeating: "9", count: 128)])
    func `a sequence name is text of letters, digits, dots, hyphens and underscores`(_ text: String) throws {
        #expect(try SequenceName(text).rawValue == text)
    }

    @Test(arguments: ["", "a b", "ä", "a/b", "a\n", String(repeating: "9", count: 129)])
    func `a sequence name that breaks the scheme is refused`(_ text: String) {
        #expect(throws: InvalidName.self) { try SequenceName(text) }
    }

    @Test func `a refused name says what it was and what would be valid`() {
        let error = #expect(throws: InvalidName.self) { try TenantID("a-b") }
        #expect(
            error?.description
                == "\"a-b\" is not a valid tenant: use 1 to 64 ASCII letters, digits, underscores or dots")
    }

    @Test func `a checkpoint key names tenant, pipeline, processor, aggregate type and aggregate`() throws {
        let stream = try StreamName("tests.thing.v1-core-a:b-c")
        let key = try CheckpointKey(pipeline: "things", processor: "summary", stream: stream)
        #expect(key.description == "core:things:summary:tests.thing.v1:a:b-c")
        #expect(try CheckpointKey(key.description) == key)
    }

    @Test(arguments: [
        "core:things:summary:tests.thing.v1", "core:a b:summary:tests.thing.v1:1", "core:a:b:tests:1", "",
    ])
    func `a checkpoint key that breaks the scheme is refused`(_ text: String) {
        #expect(throws: InvalidName.self) { try CheckpointKey(text) }
    }
}

import FoundationEssentials
import Logging
import Testing

@testable import InvoicesServer

@Suite struct LineLogHandlerTests {
    private let time = Date(timeIntervalSince1970: 1_790_000_000.25)

    @Test func `a line tells when, how grave, who, what is known, from where, and the message`() {
        var handler = LineLogHandler(label: "invoices")
        handler[metadataKey: "trace.id"] = "a trace"
        handler[metadataKey: "http.status"] = .stringConvertible(404)
        let event = LogEvent(
            level: .warning, message: "Something happened", metadata: ["list": ["a", "b"], "http.status": "200"],
            source: "Tests", file: "", function: "", line: 1)
        let line = handler.line(for: event, at: time)
        #expect(
            line == """
                2026-09-21T14:13:20.250Z warning invoices: http.status=200 list=["a", "b"] trace.id=a trace [Tests] \
                Something happened

                """)
    }

    @Test func `metadata that is taken away is not written`() {
        var handler = LineLogHandler(label: "invoices")
        handler[metadataKey: "key"] = "value"
        #expect(handler[metadataKey: "key"] == "value")
        handler[metadataKey: "key"] = nil
        let event = LogEvent(
            level: .info, message: "Done", metadata: nil, source: "Tests", file: "", function: "", line: 1)
        #expect(handler.line(for: event, at: time) == "2026-09-21T14:13:20.250Z info invoices: [Tests] Done\n")
    }
}

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Testing

/// A server-sent event as it came over the wire.
struct ServerSentEvent: Hashable {
    let id: String
    let type: String
    let data: String

    /// The data as a JSON object.
    var json: [String: Any] {
        get throws { try #require(try JSONSerialization.jsonObject(with: Data(data.utf8)) as? [String: Any]) }
    }
}

/// What a listener has got: whole events, and the id that it would come back with.
struct HeardEvents {
    var events: [ServerSentEvent] = []
    var lastID: String?

    /// Takes in a block, which is what an empty line ends (HTML Living Standard, section 9.2.6).
    fileprivate mutating func take(_ block: Substring) {
        var fields: [Substring: String] = [:]
        for line in block.split(separator: "\n") where !line.hasPrefix(":") {
            let parts = line.split(separator: ": ", maxSplits: 1)
            fields[parts[0]] = parts.count == 2 ? String(parts[1]) : ""
        }
        lastID = fields["id"] ?? lastID
        guard let type = fields["event"], let data = fields["data"], let lastID else { return }
        events.append(ServerSentEvent(id: lastID, type: type, data: data))
    }
}

extension RunningInvoices {
    /// Listens until so many events have come, and then breaks off in the middle of the stream; or until the service
    /// ends it.
    ///
    /// - Parameter onStart: called when the service listens to the log for this caller.
    func listen(
        _ query: String = "", after id: String? = nil, untilEvents count: Int = .max,
        onStart: () async throws -> Void = {}
    ) async throws -> HeardEvents {
        var request = HTTPClientRequest(url: url + "/invoices/stream" + query)
        request.headers.add(name: "Accept-Encoding", value: "gzip")
        if let id { request.headers.add(name: "Last-Event-ID", value: id) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(120))
        #expect(response.status == .ok)
        #expect(response.headers["Content-Type"] == ["text/event-stream"])
        #expect(response.headers["Content-Encoding"].isEmpty)
        var (text, heard, hasStarted) = ("", HeardEvents(), false)
        for try await part in response.body {
            text += String(buffer: part)
            while let end = text.firstRange(of: "\n\n") {
                heard.take(text[..<end.lowerBound])
                text.removeSubrange(..<end.upperBound)
                if !hasStarted { try await onStart() }
                hasStarted = true
                if heard.events.count >= count { return heard }
            }
        }
        return heard
    }
}

import EventSourcing
import FoundationEssentials
import HTTPTypes
import Hummingbird
import InvoicesApplication
import InvoicesDomain

/// Answers lists of invoices, a page at a time.
struct InvoiceListController: Sendable {
    let queries: QueryBus<InvoiceReading>
    let tenant: TenantID
    let now: @Sendable () -> Date

    func addRoutes(to group: some RouterMethods<InvoicesRequestContext>) {
        group.get("/invoices", use: list)
    }

    @Sendable private func list(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        let message = MessageContext(
            tenant: tenant, correlationID: context.correlationID, source: "invoices.http", now: now())
        let list = try InvoiceListRequest(request, today: message.day)
        let page = try await queries.ask(list.query, in: message, atLeast: request.consistencyPosition())
        let links = PageLinks(of: page, in: list, for: request)
        return .json(headers: [.link: links.text]) { $0.page(page, of: list) }
    }
}

/// The pages beside a page, as a `Link` header names them (RFC 8288).
private struct PageLinks {
    let text: String

    init(of page: InvoicePage, in list: InvoiceListRequest, for request: Request) {
        let query = (request.uri.query ?? "").split(separator: "&").filter { $0.prefix { $0 != "=" } != "cursor" }
        func link(_ relation: String, _ cursor: String?) -> String {
            let parts = query.map(Self.safe) + (cursor.map { ["cursor=\($0)"] } ?? [])
            return
                "<\(request.uri.path)\(parts.isEmpty ? "" : "?")\(parts.joined(separator: "&"))>; rel=\"\(relation)\""
        }
        let links = [
            link("first", nil), page.previous.map { link("prev", list.cursor.text(for: $0)) },
            page.next.map { link("next", list.cursor.text(for: $0)) },
        ]
        text = links.compactMap(\.self).joined(separator: ", ")
    }

    /// The caller's own words, with what cannot stand in an address encoded (RFC 3986, section 3.4).
    private static func safe(_ text: Substring) -> String {
        var safe: [UInt8] = []
        safe.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if standsInAddresses[Int(byte)] {
                safe.append(byte)
            } else {
                safe += (byte < 0x10 ? "%0" : "%").utf8
                safe += String(byte, radix: 16, uppercase: true).utf8
            }
        }
        return String(decoding: safe, as: UTF8.self)
    }

    private static let standsInAddresses = (UInt8.min...UInt8.max).map { byte in
        let character = Character(UnicodeScalar(byte))
        return character.isASCII && (character.isLetter || character.isNumber)
            || "-._~!$'()*+,;=:@/?%".contains(character)
    }
}

extension JSONWriter {
    fileprivate mutating func page(_ page: InvoicePage, of list: InvoiceListRequest) {
        object { json in
            json.member("data") { $0.array(page.invoices) { $0.invoice($1.document, on: list.day) } }
            json.member("nextCursor", page.next.map(list.cursor.text(for:)))
            json.member("prevCursor", page.previous.map(list.cursor.text(for:)))
            json.member("total") { json in
                if let total = page.total { json.literal(String(total)) } else { json.null() }
            }
        }
    }
}

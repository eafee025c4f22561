import EventSourcing
import FoundationEssentials
import HTTPConventions
import HTTPTypes
import Hummingbird
import InvoicesApplication
import InvoicesDomain

/// Answers lists of invoices, a page at a time.
struct InvoiceListController: Sendable {
    let queries: QueryBus<InvoiceReading>
    let rendered: RenderedInvoices
    let tenant: TenantID
    let calendar: BusinessCalendar

    func addRoutes(to group: some RouterMethods<InvoicesRequestContext>) {
        group.get("/invoices", use: list)
    }

    @Sendable private func list(_ request: Request, _ context: InvoicesRequestContext) async throws -> Response {
        let message = context.message(for: tenant)
        let list = try InvoiceListRequest(request, today: calendar.day(at: message.now))
        let page = try await queries.ask(list.query, in: message, atLeast: request.consistencyPosition())
        let cursors = PageCursors(of: page, in: list)
        let invoices = try rendered.json(of: page.invoices.map(\.invoice), on: list.day)
        var headers: HTTPFields = [
            .link: cursors.links(for: request), .eTag: Self.tag(of: page, invoices, cursors),
        ]
        headers.note(setAside: page.setAside)
        let json = JSONWriter.bytes(capacity: invoices.reduce(256) { $0 + $1.json.count + 1 }) {
            $0.page(page, cursors) { $0.array(invoices) { $0.literal($1.json) } }
        }
        return .json(json, headers: headers)
    }

    /// The tag of the page: made of the tags of its invoices, which stand for their bytes. A digest of all bytes would take
    /// a tenth of the time of a page.
    private static func tag(of page: InvoicePage, _ invoices: [RenderedInvoice], _ cursors: PageCursors) -> String {
        let tags = JSONWriter.bytes(capacity: 256 + 32 * invoices.count) {
            $0.page(page, cursors) { $0.array(invoices) { $0.literal($1.tag) } }
        }
        return EntityTag.Subject.content.tag(of: tags)
    }
}

extension HTTPFields {
    /// Says of an answer about many invoices that some of them are set aside.
    mutating func note(setAside invoices: Int64) {
        if invoices > 0 { self[HTTPField.Name("Invoices-Set-Aside")!] = String(invoices) }
    }
}

/// Where the pages beside a page begin; nil where there is none.
private struct PageCursors {
    let previous: String?
    let next: String?

    init(of page: InvoicePage, in list: InvoiceListRequest) {
        previous = page.previous.map(list.cursor.text(for:))
        next = page.next.map(list.cursor.text(for:))
    }

    /// The pages as a `Link` header names them (RFC 8288).
    func links(for request: Request) -> String {
        var list = request.uri.path
        var separator = "?"
        for part in (request.uri.query ?? "").split(separator: "&") where part.prefix(while: { $0 != "=" }) != "cursor"
        {
            list += separator
            list += Self.safe(part)
            separator = "&"
        }
        var links = "<\(list)>; rel=\"first\""
        for (relation, cursor) in [("prev", previous), ("next", next)] {
            if let cursor { links += ", <\(list)\(separator)cursor=\(cursor)>; rel=\"\(relation)\"" }
        }
        return links
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
    /// - Parameter data: writes the invoices.
    fileprivate mutating func page(_ page: InvoicePage, _ cursors: PageCursors, data: (inout JSONWriter) -> Void) {
        object { json in
            json.member("data", data)
            json.member("nextCursor", cursors.next)
            json.member("prevCursor", cursors.previous)
            json.member("total") { json in
                if let total = page.total { json.literal(String(total)) } else { json.null() }
            }
        }
    }
}

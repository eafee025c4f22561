import HTTPConventions
package import InvoicesApplication
import Mustache

/// Makes the texts of notifications from the templates that are built in: for each template and language a file with the
/// sections `subject`, `text` and `html`.
package struct NotificationTemplates: NotificationRendering {
    private let library: MustacheLibrary

    /// - Throws: when a template that is built in cannot be parsed.
    package init() throws {
        library = MustacheLibrary(
            templates: try Self.sources.mapValues { try MustacheTemplate(string: String(decoding: $0, as: UTF8.self)) })
    }

    /// - Throws: ``MissingTemplate``.
    package func render(_ notification: InvoiceNotification) throws -> NotificationMessage {
        let name = Self.name(notification.template, notification.language)
        let format = NotificationFormat(notification.language)
        let members = format.members(of: notification.values)
        func render(_ section: String, _ members: [String: any Sendable]) throws -> String {
            var members = members
            members[section] = true
            members["language"] = notification.language.rawValue
            guard let text = library.render(members, withTemplate: name) else { throw MissingTemplate(name: name) }
            return text
        }
        let subject = try render("subject", members).split(whereSeparator: \.isNewline).joined(separator: " ")
        var escaped = members.mapValues { ($0 as? String).map { HTML.escaped($0) } ?? $0 }
        escaped["title"] = HTML.escaped(subject)
        return NotificationMessage(
            notification, subject: subject, text: try render("text", members), html: try render("html", escaped))
    }

    private static func name(_ template: NotificationTemplate, _ language: NotificationLanguage) -> String {
        "\(template.rawValue).\(language.rawValue)"
    }

    private static var sources: [String: [UInt8]] {
        [
            "layout": PackageResources.notification_layout_mustache,
            name(.created, .english): PackageResources.created_en_mustache,
            name(.created, .german): PackageResources.created_de_mustache,
            name(.paid, .english): PackageResources.paid_en_mustache,
            name(.paid, .german): PackageResources.paid_de_mustache,
            name(.reversed, .english): PackageResources.reversed_en_mustache,
            name(.reversed, .german): PackageResources.reversed_de_mustache,
            name(.overdue, .english): PackageResources.overdue_en_mustache,
            name(.overdue, .german): PackageResources.overdue_de_mustache,
            name(.reminder, .english): PackageResources.reminder_en_mustache,
            name(.reminder, .german): PackageResources.reminder_de_mustache,
        ]
    }
}

/// There is no template for a language.
struct MissingTemplate: Error, CustomStringConvertible {
    let name: String

    var description: String { "there is no template \(name)" }
}

import ArgumentParser

/// `invoices projections`
struct ProjectionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "projections",
        abstract: "See how the read models follow the event store, and intervene.",
        discussion: AdministrationHelp.discussion,
        subcommands: [
            List.self, Status.self, Parked.self, Pause.self, Resume.self, Retry.self, Skip.self, Heal.self,
            Rebuild.self, DropPrevious.self,
        ])
}

extension ProjectionsCommand {
    /// `invoices projections list`
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "One line for each projection: is it running, how far behind is it?")

        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await options.administer { administration in
                let reports = try await administration.projectionReports()
                try options.show(reports) { reports.list }
            }
        }
    }

    /// `invoices projections status`
    struct Status: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "status",
            abstract: "Everything about one projection, or about all: on what it stalls, since when, and who runs it.",
            discussion: """
                "stalled" says since when and on what a projection has not got on; it tries again by itself unless the \
                text says what you have to do. "parked" are streams whose events could not be applied: the other \
                streams go on. "owner" is the process that runs it.
                """)

        @Argument(help: "The name of a projection; all of them if left out.")
        var projection: String?

        @OptionGroup var options: AdministrationOptions

        func run() async throws {
            try await options.administer { administration in
                var reports = try await administration.projectionReports()
                if let projection {
                    _ = try await administration.projection(projection)
                    reports = ProjectionReports(
                        head: reports.head, projections: reports.projections.filter { $0.name == projection })
                }
                try options.show(reports) { reports.details }
            }
        }
    }
}

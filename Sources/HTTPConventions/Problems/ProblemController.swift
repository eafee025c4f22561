import EventSourcing
import Hummingbird

/// Explains the types of problems.
struct ProblemController: Sendable {
    let catalog: ProblemCatalog

    func addRoutes(to group: some RouterMethods<APIRequestContext>) {
        group.get("/problems/:code", use: explain)
    }

    @Sendable private func explain(_ request: Request, _ context: APIRequestContext) throws -> Response {
        guard let kind = context.parameters.get("code").flatMap(catalog.kind(code:)) else {
            throw Problem.nothing(at: request)
        }
        return .json { json in
            json.object { json in
                json.member("type", kind.type)
                json.member("code", kind.code)
                json.member("title", kind.title)
                json.member("status", Int64(kind.status.code))
                json.member("advice", kind.advice)
            }
        }
    }
}

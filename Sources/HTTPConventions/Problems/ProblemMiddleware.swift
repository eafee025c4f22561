import HTTPTypes
import Hummingbird
import Logging

/// Answers whatever a route throws with a problem, and logs what is the service's own failure, once.
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = APIRequestContext

    let routes: RouteTable
    let catalog: ProblemCatalog

    func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            // The router's own: a route that finds nothing throws a problem.
            return answerUnrouted(request, context)
        } catch {
            let problem = catalog.problem(for: error)
            if problem.kind.status.kind == .serverError {
                context.logger.log(
                    level: problem.kind == .internalError ? .error : .warning, "Request failed",
                    metadata: ["error": "\(error)", "problem.code": "\(problem.kind.code)"])
            }
            return problem.response(correlationID: context.correlationID)
        }
    }

    /// The path has no route, or none with this method.
    private func answerUnrouted(_ request: Request, _ context: Context) -> Response {
        let methods = routes.methods(at: request.uri.path)
        let allow: HTTPFields = [.allow: methods.map(\.rawValue).joined(separator: ", ")]
        if methods.isEmpty { return Problem.nothing(at: request).response(correlationID: context.correlationID) }
        if request.method == .options { return Response(status: .noContent, headers: allow) }
        return Problem(.methodNotAllowed, headers: allow).response(correlationID: context.correlationID)
    }
}

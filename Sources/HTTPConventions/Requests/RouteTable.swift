import HTTPTypes
import Hummingbird
import Synchronization

/// Which methods each path has: the value of `Allow`.
///
/// The middleware that asks it has to be added to the router before the routes, so it is filled afterwards.
final class RouteTable: Sendable {
    private typealias Route = (path: RouterPath, methods: [HTTPRequest.Method])

    private let routes = Mutex<[Route]>([])

    /// Takes the routes of the router, to each of which HEAD is added where there is GET, and OPTIONS.
    func fill(from router: Router<APIRequestContext>) {
        var methods: [String: Set<HTTPRequest.Method>] = [:]
        for route in router.routes { methods[route.path.description, default: [.options]].insert(route.method) }
        let all = methods.map { path, methods -> Route in
            let head: Set<HTTPRequest.Method> = methods.contains(.get) ? [.head] : []
            return (RouterPath(path), methods.union(head).sorted { $0.rawValue < $1.rawValue })
        }
        // Of several that match, the one with the fewest parameters comes first.
        .sorted { $0.path.captures < $1.path.captures }
        routes.withLock { $0 = all }
    }

    /// The methods of a path, in alphabetical order; none when nothing is there. All that are served are those of `*`,
    /// which stands for the service in `OPTIONS` (RFC 9110, section 9.3.7).
    func methods(at path: String) -> [HTTPRequest.Method] {
        if path == "*" {
            return Set(routes.withLock(\.self).flatMap(\.methods)).sorted { $0.rawValue < $1.rawValue }
        }
        let parts = path.split(separator: "/")
        let route = routes.withLock { routes in
            routes.first { route in
                route.path.components.count == parts.count
                    && zip(route.path.components, parts).allSatisfy { $0 ~= $1 }
            }
        }
        return route?.methods ?? []
    }
}

extension RouterPath {
    /// How many of its parts are parameters.
    fileprivate var captures: Int { components.count { $0.description.contains("{") } }
}

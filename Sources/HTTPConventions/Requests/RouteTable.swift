import HTTPTypes
import Hummingbird

/// Which methods each path has: what `Allow` says.
struct RouteTable: Sendable {
    private let routes: [(path: RouterPath, methods: [HTTPRequest.Method])]

    init(of router: Router<APIRequestContext>) {
        var methods: [String: Set<HTTPRequest.Method>] = [:]
        for route in router.routes { methods[route.path.description, default: [.options]].insert(route.method) }
        routes = methods.map { path, methods in
            let head: Set<HTTPRequest.Method> = methods.contains(.get) ? [.head] : []
            return (RouterPath(path), methods.union(head).sorted { $0.rawValue < $1.rawValue })
        }
        // Where several match, it is the one that names most of the path.
        .sorted { $0.path.captures < $1.path.captures }
    }

    /// The methods of a path, in alphabetical order; none when nothing is there.
    func methods(at path: String) -> [HTTPRequest.Method] {
        let parts = path.split(separator: "/")
        let route = routes.first { route in
            route.path.components.count == parts.count && zip(route.path.components, parts).allSatisfy { $0 ~= $1 }
        }
        return route?.methods ?? []
    }
}

extension RouterPath {
    /// How many of its parts can be anything.
    fileprivate var captures: Int { components.count { $0.description.contains("{") } }
}

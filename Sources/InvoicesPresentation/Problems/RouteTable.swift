import HTTPTypes
import Hummingbird

/// Which methods each path has: what `Allow` says.
struct RouteTable: Sendable {
    private let routes: [(path: RouterPath, methods: [HTTPRequest.Method])]

    init(of router: Router<InvoicesRequestContext>) {
        var methods: [String: Set<HTTPRequest.Method>] = [:]
        for route in router.routes { methods[route.path.description, default: [.options]].insert(route.method) }
        // What is named comes before what a parameter stands for, as the router has it.
        routes = methods.sorted { $0.key.captures < $1.key.captures }.map { path, methods in
            let head: Set<HTTPRequest.Method> = methods.contains(.get) ? [.head] : []
            return (RouterPath(path), methods.union(head).sorted { $0.rawValue < $1.rawValue })
        }
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

extension String {
    /// How many parameters a path has.
    fileprivate var captures: Int { count { $0 == "{" } }
}

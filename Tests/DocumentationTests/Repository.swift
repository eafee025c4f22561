import Foundation

/// The files of this repository, as the tests find them.
enum Repository {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The files below a directory whose names end so, in a stable order.
    static func files(below directory: String, _ suffix: String) throws -> [URL] {
        let found = FileManager.default.enumerator(at: root.appending(path: directory), includingPropertiesForKeys: nil)
        return (found?.compactMap { $0 as? URL } ?? []).filter { $0.lastPathComponent.hasSuffix(suffix) }
            .sorted { $0.path < $1.path }
    }

    /// The pages of all catalogs.
    static func pages() throws -> [URL] {
        try files(below: "Sources", ".md").filter { $0.path.contains(".docc/") }
    }

    static func lines(of file: URL) throws -> [String] {
        try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }

    /// Its path from the root.
    static func name(of file: URL) -> String { String(file.path.dropFirst(root.path.count + 1)) }
}

import FoundationEssentials
package import SystemPackage

extension FilePath {
    /// A program of the package, as it lies beside the tests.
    package static func program(_ name: String) throws -> FilePath {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        return FilePath(tests).removingLastComponent().appending(name)
    }
}

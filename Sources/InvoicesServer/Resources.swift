import FoundationEssentials

/// Finds the files that belong to the program: `openapi.yaml`, `Migrations`, `.swagger-ui`.
///
/// They lie in the working directory, or in a folder above the executable: the repository, when it was built there.
enum Resources {
    static func find(_ name: String) -> String? {
        let files = FileManager.default
        let executable = (try? files.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "/"
        var folders = [files.currentDirectoryPath]
        var folder = URL(filePath: executable).deletingLastPathComponent()
        while folder.path != "/" {
            folders.append(folder.path)
            folder = folder.deletingLastPathComponent()
        }
        return folders.map { "\($0)/\(name)" }.first { files.fileExists(atPath: $0) }
    }

    /// - Throws: ``Failure`` when there is no such file.
    static func require(_ name: String) throws(Failure) -> String {
        guard let path = find(name) else {
            throw Failure(
                .configuration,
                "\(name) is neither in the working directory nor above the program; start it in the repository's folder"
            )
        }
        return path
    }
}

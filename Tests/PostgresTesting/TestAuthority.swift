import FoundationEssentials
import Subprocess

/// An authority that issues certificates, made with OpenSSL in a folder that the caller removes.
package struct TestAuthority: Sendable {
    /// A certificate and its key, as files.
    package struct Certificate: Sendable {
        package let file: String
        package let keyFile: String
    }

    private let folder: String

    /// The certificate that clients trust.
    package var file: String { "\(folder)/authority.crt" }

    package init(in folder: String) async throws {
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try await openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=authority", "-keyout", "\(folder)/authority.key", "-out", file)
    }

    /// - Parameters:
    ///   - name: its common name, and the name of the host that it is for.
    ///   - days: for how long it is valid; negative for one that has expired.
    package func issue(_ name: String, days: Int = 2) async throws -> Certificate {
        let path = "\(folder)/\(name)\(days)"
        try await openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=\(name)",
            "-addext", "subjectAltName=DNS:\(name)", "-keyout", "\(path).key", "-out", "\(path).csr")
        try await openssl(
            "x509", "-req", "-in", "\(path).csr", "-CA", file, "-CAkey", "\(folder)/authority.key", "-CAcreateserial",
            "-days", "\(days)", "-copy_extensions", "copy", "-out", "\(path).crt")
        return Certificate(file: "\(path).crt", keyFile: "\(path).key")
    }

    private func openssl(_ arguments: String...) async throws {
        let result = try await run(
            .name("openssl"), arguments: Arguments(arguments), output: .discarded, error: .string(limit: 64 * 1024))
        guard result.terminationStatus.isSuccess else { throw Failed(output: result.standardError) }
    }

    private struct Failed: Error { let output: String }
}

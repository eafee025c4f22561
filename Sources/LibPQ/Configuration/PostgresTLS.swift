/// How connections over TCP are encrypted, and how the server proves who it is. Unix sockets are never encrypted.
///
/// What is `nil` is taken from libpq's environment: `PGSSLMODE`, `PGSSLROOTCERT`, `PGSSLCERT`, `PGSSLKEY`, or the service
/// file. Where that is silent too, <doc:EncryptedByDefault> says what happens.
public struct PostgresTLS: Sendable, Hashable {
    /// libpq's `sslmode` (PostgreSQL manual, "SSL Support").
    public enum Mode: String, Sendable, CaseIterable {
        case disable, allow, prefer, require
        case verifyCertificate = "verify-ca"
        case verifyFull = "verify-full"
    }

    /// Nil for what libpq's environment says; without that, connections to other machines are encrypted.
    public var mode: Mode?
    /// The certificates of the authorities that the server's certificate is checked against. A file that is named and
    /// cannot be read is an error, whatever the mode.
    public var rootCertificateFile: String?
    /// The client's own certificate.
    public var certificateFile: String?
    /// The key of the client's certificate.
    public var keyFile: String?

    /// Makes a configuration; certificates are paths of PEM files.
    public init(
        mode: Mode? = nil, rootCertificateFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil
    ) {
        self.mode = mode
        self.rootCertificateFile = rootCertificateFile
        self.certificateFile = certificateFile
        self.keyFile = keyFile
    }
}

import Glibc

extension PostgresConfiguration {
    /// The TLS mode of a connection and why it is that one, for the errors of attempts that fail because of it.
    struct TLSChoice: Equatable {
        /// Nil where libpq takes the mode from its environment, or uses its own default.
        let mode: PostgresTLS.Mode?
        let reason: String
    }

    /// What is chosen for all hosts; see <doc:EncryptedByDefault>.
    func tlsChoice(in environment: LibPQEnvironment) -> TLSChoice {
        if let mode = tls.mode { return TLSChoice(mode: mode, reason: "the TLS mode is \(mode.rawValue)") }
        if let mode = environment.sslMode {
            return TLSChoice(mode: nil, reason: "the TLS mode is \(mode), from PGSSLMODE or the service file")
        }
        let isLocal =
            environment.hostAddress.map { $0.split(separator: ",").allSatisfy { Host(String($0)).isThisMachine } }
            ?? hosts.allSatisfy(\.isThisMachine)
        if tls.rootCertificateFile != nil || !isLocal && environment.rootCertificateFile != nil {
            return TLSChoice(
                mode: .verifyFull, reason: "the TLS mode is verify-full, since a root certificate is named and no mode")
        }
        guard !isLocal else { return TLSChoice(mode: nil, reason: "no TLS mode is chosen") }
        return TLSChoice(
            mode: .require, reason: "TLS is required, since the server is not on this machine and no mode is chosen")
    }

    /// libpq goes on without a certificate that it does not find. One that was named has to be there.
    func checkCertificateFiles(for host: Host, in environment: LibPQEnvironment) throws(PostgresError) {
        guard !host.isUnixSocket || environment.hostAddress != nil, tlsChoice(in: environment).mode != .disable else {
            return
        }
        let root = tls.rootCertificateFile ?? environment.rootCertificateFile
        // libpq 16 takes the word "system" for the authorities of the operating system.
        let files = [
            ("root certificate", root == "system" ? nil : root),
            ("client certificate", tls.certificateFile ?? environment.certificateFile),
        ]
        for case (let name, let file?) in files where access(file, R_OK) != 0 {
            throw PostgresError(.tls, "the \(name) \(file) cannot be read: \(String(cString: strerror(errno)))")
        }
    }
}

extension PostgresConfiguration.Host {
    var isUnixSocket: Bool { name.hasPrefix("/") || name.hasPrefix("@") }

    /// Nobody else can listen in: a unix socket, `localhost`, or an address of the loopback interface. Other names are
    /// not resolved, since anybody who answers for them may be somebody else.
    var isThisMachine: Bool {
        if isUnixSocket || name.lowercased() == "localhost" { return true }
        var (short, long) = (in_addr(), in6_addr())
        if inet_pton(AF_INET, name, &short) == 1 { return UInt32(bigEndian: short.s_addr) >> 24 == 127 }
        guard inet_pton(AF_INET6, name, &long) == 1 else { return false }
        let bytes = withUnsafeBytes(of: &long) { Array($0) }
        return bytes == Self.loopback || bytes.starts(with: Self.mappedLoopback)
    }

    private static let loopback: [UInt8] = Array(repeating: 0, count: 15) + [1]
    /// `::ffff:127.0.0.0/104`
    private static let mappedLoopback: [UInt8] = Array(repeating: 0, count: 10) + [255, 255, 127]
}

extension PostgresConfiguration {
    /// The keywords of libpq ("Parameter Key Words"). What is not named here libpq takes from its `PG…` environment.
    func libpqParameters(for server: ServerOrder.Candidate) -> [(keyword: String, value: String)] {
        var parameters = [
            ("host", server.host.name),
            ("port", String(server.host.port)),
            ("user", username),
            ("dbname", database),
            ("sslmode", tls.rawValue),
            ("gssencmode", "disable"),
            ("client_encoding", "UTF8"),
            ("application_name", applicationName),
            ("target_session_attrs", server.attributes.rawValue),
            // Over TCP, a host that has vanished is noticed within a minute even while a statement runs.
            ("keepalives_idle", "30"),
            ("keepalives_interval", "10"),
            ("keepalives_count", "3"),
            ("tcp_user_timeout", "60000"),
        ]
        if let password { parameters.append(("password", password)) }
        if let rootCertificateFile { parameters.append(("sslrootcert", rootCertificateFile)) }
        if !sessionOptions.isEmpty { parameters.append(("options", sessionOptions.joined(separator: " "))) }
        return parameters
    }

    /// What every session starts with, as arguments of the backend's command line.
    private var sessionOptions: [String] {
        var options: [String] = []
        if let statementTimeout { options.append("-c statement_timeout=\(statementTimeout.milliseconds)") }
        if let lockTimeout { options.append("-c lock_timeout=\(lockTimeout.milliseconds)") }
        if let idleInTransactionTimeout {
            options.append("-c idle_in_transaction_session_timeout=\(idleInTransactionTimeout.milliseconds)")
        }
        if let role { options.append("-c role=\(role.escapedForOptions)") }
        return options
    }
}

extension String {
    /// With a backslash before every space and backslash ("Client Connection Defaults": options).
    fileprivate var escapedForOptions: String {
        replacing("\\", with: "\\\\").replacing(" ", with: "\\ ")
    }
}

extension Duration {
    /// Whole milliseconds, rounded up, so that what is not zero does not become "no limit".
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }
}

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
        if let statementTimeout {
            parameters.append(("options", "-c statement_timeout=\(statementTimeout.milliseconds)"))
        }
        return parameters
    }
}

extension Duration {
    /// Whole milliseconds, rounded up, so that what is not zero does not become "no limit".
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }
}

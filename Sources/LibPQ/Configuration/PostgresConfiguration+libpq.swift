extension PostgresConfiguration {
    /// The keywords of libpq ("Parameter Key Words"). What is not named here libpq takes from its environment.
    func libpqParameters(
        for server: ServerOrder.Candidate, in environment: LibPQEnvironment
    ) -> [(keyword: String, value: String)] {
        let parameters: [(String, String?)] = [
            ("host", server.host.name),
            ("port", String(server.host.port)),
            ("user", username),
            ("password", password),
            ("dbname", database),
            ("sslmode", tlsChoice(in: environment).mode?.rawValue),
            ("sslrootcert", tls.rootCertificateFile),
            ("sslcert", tls.certificateFile),
            ("sslkey", tls.keyFile),
            ("gssencmode", "disable"),
            ("client_encoding", "UTF8"),
            ("application_name", applicationName),
            ("target_session_attrs", server.attributes.rawValue),
            ("options", startOptions(in: environment)),
            // Over TCP, a host that has vanished is noticed within a minute even while a statement runs.
            ("keepalives_idle", "30"),
            ("keepalives_interval", "10"),
            ("keepalives_count", "3"),
            ("tcp_user_timeout", "60000"),
        ]
        return parameters.compactMap { keyword, value in value.map { (keyword, $0) } }
    }
}

extension Duration {
    /// Whole milliseconds, rounded up, so that what is not zero does not become "no limit".
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    }
}

extension PostgresConfiguration {
    /// PostgreSQL's own defaults of the settings that change what a statement means, which transaction it is in, or when
    /// the server ends it.
    public static let standardSettings: [String: String] = [
        "array_nulls": "on",
        "bytea_output": "hex",
        "DateStyle": "ISO, MDY",
        "default_transaction_deferrable": "off",
        "default_transaction_isolation": "read committed",
        "exit_on_error": "off",
        "extra_float_digits": "1",
        "gin_fuzzy_search_limit": "0",
        "idle_in_transaction_session_timeout": "0",
        "idle_session_timeout": "0",
        "IntervalStyle": "postgres",
        "lock_timeout": "0",
        "plpgsql.extra_errors": "none",
        "quote_all_identifiers": "off",
        "row_security": "on",
        "standard_conforming_strings": "on",
        "statement_timeout": "0",
        "TimeZone": "UTC",
        "transform_null_equals": "off",
        "xmloption": "content",
    ]

    /// Everything that a session starts with, by name. It holds against the defaults of the server, the database and the
    /// role.
    var startSettings: [(name: String, value: String)] {
        var settings = settings
        settings["role"] = role ?? "none"
        if let statementTimeout { settings["statement_timeout"] = "\(statementTimeout.milliseconds)" }
        if let lockTimeout { settings["lock_timeout"] = "\(lockTimeout.milliseconds)" }
        if let idleInTransactionTimeout {
            settings["idle_in_transaction_session_timeout"] = "\(idleInTransactionTimeout.milliseconds)"
        }
        return settings.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }

    /// The arguments for the backend's command line; those of the environment come first, so that they do not win.
    func startOptions(in environment: LibPQEnvironment) -> String {
        let options = startSettings.map { "-c \($0.name)=\($0.value.escapedForOptions)" }
        return ([environment.options].compactMap(\.self) + options).joined(separator: " ")
    }
}

extension String {
    /// With a backslash before every space and backslash ("Client Connection Defaults": options).
    fileprivate var escapedForOptions: String {
        replacing("\\", with: "\\\\").replacing(" ", with: "\\ ")
    }
}

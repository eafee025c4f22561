import CLibPQ
import Glibc

/// What libpq takes from outside of a program: variables such as `PGSSLMODE`, and the service file that `PGSERVICE` names.
struct LibPQEnvironment {
    /// Nil unless one was configured.
    var sslMode: String?
    var rootCertificateFile: String?
    var certificateFile: String?
    /// Where libpq connects to, whatever the host is called.
    var hostAddress: String?
    /// Arguments for the backend's command line.
    var options: String?

    static var current: LibPQEnvironment {
        var environment = LibPQEnvironment()
        guard let defaults = PQconndefaults() else { return environment }
        defer { PQconninfoFree(defaults) }
        var option = defaults
        while let keyword = option.pointee.keyword {
            let value = option.pointee.val.map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
            switch String(cString: keyword) {
            case "sslmode":
                // libpq does not tell its own default from the same value in the service file.
                let isDefault = value == option.pointee.compiled.map { String(cString: $0) }
                environment.sslMode = isDefault && getenv("PGSSLMODE") == nil ? nil : value
            case "sslrootcert": environment.rootCertificateFile = value
            case "sslcert": environment.certificateFile = value
            case "hostaddr": environment.hostAddress = value
            case "options": environment.options = value
            default: break
            }
            option += 1
        }
        return environment
    }
}

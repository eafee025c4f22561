/// One value for each kind of connection, found without hashing.
struct PerRole<Value> {
    typealias Role = PipelineConnection.Role

    private var reads, writes, leases, listener: Value

    init(_ make: (Role) -> Value) {
        reads = make(.reads)
        writes = make(.writes)
        leases = make(.leases)
        listener = make(.listener)
    }

    subscript(role: Role) -> Value {
        get {
            switch role {
            case .reads: reads
            case .writes: writes
            case .leases: leases
            case .listener: listener
            }
        }
        _modify {
            switch role {
            case .reads: yield &reads
            case .writes: yield &writes
            case .leases: yield &leases
            case .listener: yield &listener
            }
        }
    }
}

extension PerRole: Sendable where Value: Sendable {}

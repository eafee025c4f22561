public import FoundationEssentials

/// The place that sealed data belongs to. It opens nowhere else: not in another event, stream or tenant.
public struct SealBinding: Hashable, Sendable, CustomStringConvertible {
    /// Whose data is sealed.
    public let tenant: TenantID
    /// What the data is part of, within the tenant.
    let place: Place

    enum Place: Hashable {
        case event(UUID, StreamName)
        case other(String)
    }

    /// The data of an event.
    public init(event id: UUID, of stream: StreamName) {
        tenant = stream.tenant
        place = .event(id, stream)
    }

    /// Anything else that is kept with personal data in it, a snapshot for instance.
    ///
    /// - Parameter name: Unique in the tenant, and the same at sealing and at opening.
    public init(_ name: String, in tenant: TenantID) {
        self.tenant = tenant
        place = .other(name)
    }

    /// Names the place, for errors.
    public var description: String {
        switch place {
        case .event(let id, let stream): "event \(id) of stream \(stream)"
        case .other(let name): "\(name) of tenant \(tenant)"
        }
    }

    /// What is authenticated with the sealed data: each part with its length, so that no two places read the same.
    ///
    /// - Parameter ordinal: which of the sealed members of the payload it is, from 0.
    func authenticatedData(subject: DataSubject, key: SubjectKeyID, ordinal: Int) -> [UInt8] {
        let parts =
            switch place {
            case .event(let id, let stream): ["event", stream.rawValue, id.uuidString]
            case .other(let name): ["other", name]
            }
        let all = ["sealed/1", tenant.rawValue, subject.rawValue, key.rawValue.uuidString, String(ordinal)] + parts
        return all.flatMap { part in
            withUnsafeBytes(of: UInt32(part.utf8.count).bigEndian) { Array($0) } + Array(part.utf8)
        }
    }
}

import Crypto
public import FoundationEssentials

/// A master key that the keys of subjects are encrypted under before they are stored, so that neither the database nor
/// a copy of it opens anything by itself.
public struct KeyEncryptionKey: Sendable {
    let key: SymmetricKey
    /// Tells master keys apart in stored material: the first eight bytes of their SHA-256.
    let fingerprint: [UInt8]

    /// - Throws: ``InvalidKeyEncryptionKey`` unless there are 32 bytes.
    public init(bytes: some ContiguousBytes) throws(InvalidKeyEncryptionKey) {
        let key = SymmetricKey(data: bytes)
        guard key.bitCount == 256 else { throw InvalidKeyEncryptionKey() }
        self.key = key
        fingerprint = key.withUnsafeBytes { Array(SHA256.hash(data: $0).prefix(8)) }
    }

    /// Reads a key from base64 text, as a configuration holds it.
    ///
    /// - Throws: ``InvalidKeyEncryptionKey`` unless the text stands for 32 bytes.
    public init(base64 text: String) throws(InvalidKeyEncryptionKey) {
        guard let bytes = Data(base64Encoded: text) else { throw InvalidKeyEncryptionKey() }
        try self.init(bytes: bytes)
    }
}

/// Never shows the key.
extension KeyEncryptionKey: CustomStringConvertible, CustomReflectable {
    /// Never the key.
    public var description: String { "a key encryption key" }
    /// Empty: the key does not show in a dump.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// What was to be a key encryption key is not 32 bytes, or not base64.
public struct InvalidKeyEncryptionKey: Error, Hashable, Sendable, CustomStringConvertible {
    /// Says how a key has to be written; never repeats the text.
    public var description: String {
        "a key encryption key has 32 random bytes; make one with: head -c 32 /dev/urandom | base64"
    }
}

/// Turns keys into the material that is stored, and back.
///
/// Material is one byte that says how it was made, then for 0 the key itself; for 1 the master key's fingerprint, and
/// the key sealed by AES-GCM (nonce, ciphertext, tag) together with whose it is.
struct KeyWrapping {
    /// The first one wraps, all of them unwrap; with none, keys are stored as they are.
    let masterKeys: [KeyEncryptionKey]

    func wrap(_ key: SymmetricKey, _ id: SubjectKeyID, of subject: DataSubject, in tenant: TenantID) throws -> [UInt8] {
        let bytes = key.withUnsafeBytes { Array($0) }
        guard let masterKey = masterKeys.first else { return [0] + bytes }
        let owner = Self.owner(id, subject, tenant)
        let box = try AES.GCM.seal(bytes, using: masterKey.key, authenticating: owner)
        return [1] + masterKey.fingerprint + Array(box.nonce) + box.ciphertext + box.tag
    }

    /// - Throws: ``UnusableSubjectKey``.
    func unwrap(_ key: SubjectKey) throws(UnusableSubjectKey) -> SymmetricKey {
        let material = key.material
        switch material.first {
        case 0? where material.count == 33: return SymmetricKey(data: material.dropFirst())
        case 1? where material.count > 9:
            guard let masterKey = masterKeys.first(where: { $0.fingerprint.elementsEqual(material[1..<9]) }) else {
                throw UnusableSubjectKey(key: key, reason: .masterKeyMissing)
            }
            let owner = Self.owner(key.id, key.subject, key.tenant)
            guard let box = try? AES.GCM.SealedBox(combined: material.dropFirst(9)),
                let bytes = try? AES.GCM.open(box, using: masterKey.key, authenticating: owner)
            else { throw UnusableSubjectKey(key: key, reason: .damaged) }
            return SymmetricKey(data: bytes)
        default: throw UnusableSubjectKey(key: key, reason: .damaged)
        }
    }

    private static func owner(_ id: SubjectKeyID, _ subject: DataSubject, _ tenant: TenantID) -> [UInt8] {
        // None of the parts can contain a space.
        Array("key/1 \(tenant) \(subject) \(id)".utf8)
    }
}

/// A subject's key is stored, and cannot be used.
public struct UnusableSubjectKey: Error, Hashable, Sendable, CustomStringConvertible {
    /// Why a stored key cannot be used.
    public enum Reason: Hashable, Sendable {
        /// It is encrypted under a master key that was not given.
        case masterKeyMissing
        /// It was changed, or exchanged for that of somebody else.
        case damaged
    }

    /// Whose key it is.
    public let tenant: TenantID
    /// The person whose data it seals.
    public let subject: DataSubject
    /// Which key it is.
    public let key: SubjectKeyID
    /// Why it cannot be used.
    public let reason: Reason

    init(key: SubjectKey, reason: Reason) {
        tenant = key.tenant
        subject = key.subject
        self.key = key.id
        self.reason = reason
    }

    /// Names the key, and says what to do.
    public var description: String {
        let problem =
            switch reason {
            case .masterKeyMissing: "it is encrypted under a master key that is not configured; add that key"
            case .damaged: "it was changed after it was stored; restore it from a backup"
            }
        return "key \(key) of subject \(subject) in tenant \(tenant): \(problem)"
    }
}

extension UnusableSubjectKey: CategorizedError {
    /// Neither waiting nor skipping helps: stop.
    public var category: ErrorCategory { .fatal }
}

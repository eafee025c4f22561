import Crypto
import FoundationEssentials
import Synchronization

/// Seals the personal data in payloads under the keys of its subjects, and opens it.
///
/// AES-GCM with 256-bit keys and random nonces; what is sealed opens only in the place that it was sealed for, see
/// ``SealBinding``. Payloads without personal data pass untouched.
///
/// Keys are held in memory for a bounded time. ``PersonalDataErasure`` drops them at once in its own process; another
/// process may go on opening for the maximum age at most.
public final class PersonalDataVault: Sendable {
    private let keys: any SubjectKeyStore
    private let wrapping: KeyWrapping
    private let cache: Mutex<SubjectKeyCache>
    private let now: @Sendable () -> ContinuousClock.Instant

    /// - Parameters:
    ///   - masterKeys: The first one encrypts every new key before it is stored; all of them decrypt. Without any, keys
    ///     are stored as they are.
    ///   - cachedKeys: how many keys are held in memory.
    ///   - maximumKeyAge: how long a key is used before it is looked up again.
    ///   - now: the clock that the age is counted by.
    public init(
        _ keys: some SubjectKeyStore, masterKeys: [KeyEncryptionKey] = [], cachedKeys: Int = 10_000,
        maximumKeyAge: Duration = .seconds(30),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
    ) {
        self.keys = keys
        self.now = now
        wrapping = KeyWrapping(masterKeys: masterKeys)
        cache = Mutex(SubjectKeyCache(count: cachedKeys, maximumAge: maximumKeyAge))
    }

    /// Drops what is known of a subject's key.
    func drop(_ subject: DataSubject, in tenant: TenantID) {
        cache.withLock { $0.forget(subject, in: tenant) }
    }
}

// MARK: - Keys

extension PersonalDataVault {
    /// The key that seals for a subject, made on first use.
    ///
    /// - Throws: ``SubjectForgotten``, ``UnusableSubjectKey``, and what the key store throws.
    func key(sealingFor subject: DataSubject, in tenant: TenantID) async throws -> UsableKey {
        let name = SubjectKeyCache.Name.subject(subject, tenant)
        let lookedUpAt = now()
        let (cached, epoch) = cache.withLock { ($0.entry(name, at: lookedUpAt), $0.epoch) }
        switch cached {
        case .live(let key)?: return key
        case .destroyed?: throw SubjectForgotten(subject, in: tenant)
        case nil: break
        }
        do {
            let id = SubjectKeyID(UUID())
            let material = try wrapping.wrap(SymmetricKey(size: .bits256), id, of: subject, in: tenant)
            let stored = try await keys.key(
                orStoring: SubjectKey(id: id, tenant: tenant, subject: subject, material: material))
            let key = try usable(stored)
            cache.withLock { cache in
                cache.insert(.live(key), as: name, since: epoch, lookedUpAt: lookedUpAt)
                cache.insert(.live(key), as: .key(stored.reference), since: epoch, lookedUpAt: lookedUpAt)
            }
            return key
        } catch let forgotten as SubjectForgotten {
            cache.withLock { $0.insert(.destroyed(subject), as: name, since: epoch, lookedUpAt: lookedUpAt) }
            throw forgotten
        }
    }

    /// What is known of the keys, in one look-up of those that are not cached; a key that never was is left out.
    ///
    /// - Throws: ``UnusableSubjectKey``, and what the key store throws.
    func entries(
        for references: Set<SubjectKeyReference>
    ) async throws -> [SubjectKeyReference: SubjectKeyCache.Entry] {
        let lookedUpAt = now()
        var found: [SubjectKeyReference: SubjectKeyCache.Entry] = [:]
        let epoch = cache.withLock { cache in
            for reference in references { found[reference] = cache.entry(.key(reference), at: lookedUpAt) }
            return cache.epoch
        }
        let missing = references.subtracting(found.keys)
        guard !missing.isEmpty else { return found }
        for (reference, state) in try await keys.keys(missing) {
            let entry: SubjectKeyCache.Entry =
                switch state {
                case .live(let key): .live(try usable(key))
                case .destroyed(let subject): .destroyed(subject)
                }
            found[reference] = entry
            cache.withLock { $0.insert(entry, as: .key(reference), since: epoch, lookedUpAt: lookedUpAt) }
        }
        return found
    }

    private func usable(_ key: SubjectKey) throws(UnusableSubjectKey) -> UsableKey {
        UsableKey(id: key.id, tenant: key.tenant, subject: key.subject, key: try wrapping.unwrap(key))
    }
}

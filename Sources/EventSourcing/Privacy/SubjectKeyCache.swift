import Crypto

/// A key that was unwrapped, ready for use.
struct UsableKey {
    let id: SubjectKeyID
    let tenant: TenantID
    let subject: DataSubject
    let key: SymmetricKey
}

/// What was looked up lately, bounded in number and in age.
///
/// There are two generations: when the young one is full it becomes the old one, and the old one is dropped. Age counts
/// from the look-up, whatever the use since then. That a key was destroyed is true for ever and does not age.
struct SubjectKeyCache {
    /// What an entry is found by: at opening the key's id, at sealing its subject.
    enum Name: Hashable {
        case key(SubjectKeyReference)
        case subject(DataSubject, TenantID)
    }

    enum Entry {
        case live(UsableKey)
        case destroyed(DataSubject)
    }

    private struct Dated {
        let entry: Entry
        let lookedUpAt: ContinuousClock.Instant
    }

    private let maximumAge: Duration
    private let generationSize: Int
    private var young: [Name: Dated] = [:]
    private var old: [Name: Dated] = [:]
    /// Changes with every ``forget(_:in:)``: what was looked up before must not come in after it.
    private(set) var epoch = 0

    init(count: Int, maximumAge: Duration) {
        generationSize = max(1, count / 2)
        self.maximumAge = maximumAge
    }

    func entry(_ name: Name, at now: ContinuousClock.Instant) -> Entry? {
        guard let dated = young[name] ?? old[name] else { return nil }
        switch dated.entry {
        case .destroyed: return dated.entry
        case .live: return now - dated.lookedUpAt < maximumAge ? dated.entry : nil
        }
    }

    /// Takes in what was looked up since the cache had this epoch.
    ///
    /// - Parameter lookedUpAt: when the look-up was begun.
    mutating func insert(_ entry: Entry, as name: Name, since epoch: Int, lookedUpAt: ContinuousClock.Instant) {
        guard epoch == self.epoch else { return }
        if young.count >= generationSize, young[name] == nil {
            old = young
            young = [:]
        }
        young[name] = Dated(entry: entry, lookedUpAt: lookedUpAt)
    }

    /// Drops the key of a subject at once.
    mutating func forget(_ subject: DataSubject, in tenant: TenantID) {
        epoch += 1
        func isOther(_ cached: (key: Name, value: Dated)) -> Bool {
            guard case .live(let key) = cached.value.entry else { return true }
            return key.subject != subject || key.tenant != tenant
        }
        young = young.filter(isOther)
        old = old.filter(isOther)
    }
}

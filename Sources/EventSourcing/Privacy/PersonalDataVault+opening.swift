import Crypto
import FoundationEssentials

extension PersonalDataVault {
    /// Replaces what is sealed in the payload by its plain form, which ``Personal`` decodes; where the subject was
    /// forgotten, by the mark that says so. A payload with nothing sealed passes untouched.
    ///
    /// - Parameter binding: the place that the payload was sealed for.
    /// - Throws: ``BrokenSeal`` when something does not open and its subject was not forgotten;
    ///   ``UnusableSubjectKey``; and what the key store throws.
    public func open(_ payload: EventPayload, for binding: SealBinding) async throws -> EventPayload {
        guard let sealed = try SealedPayload(payload, binding) else { return payload }
        return try sealed.open(with: try await entries(for: sealed.keys))
    }

    /// Opens the data of events; the keys of all of them are looked up at once.
    ///
    /// - Throws: as ``open(_:for:)``.
    public func open(_ events: [RecordedEvent]) async throws -> [RecordedEvent] {
        var sealed: [(index: Int, payload: SealedPayload)] = []
        var keys: Set<SubjectKeyReference> = []
        for (index, event) in events.enumerated() {
            let place = SealBinding(event: event.id, of: event.stream)
            let payload = try event.locating { () throws(BrokenSeal) in try SealedPayload(event.data, place) }
            guard let payload else { continue }
            sealed.append((index, payload))
            keys.formUnion(payload.keys)
        }
        guard !sealed.isEmpty else { return events }
        let entries = try await entries(for: keys)
        var opened = events
        for (index, payload) in sealed {
            let event = events[index]
            let data = try event.locating { () throws(BrokenSeal) in try payload.open(with: entries) }
            opened[index] = event.replacing(data: data)
        }
        return opened
    }
}

/// A payload with sealed data in it.
private struct SealedPayload {
    private struct Seal {
        let range: Range<Int>
        let subject: DataSubject
        let key: SubjectKeyReference
        let data: Data
    }

    private let bytes: [UInt8]
    private let binding: SealBinding
    private let seals: [Seal]

    var keys: Set<SubjectKeyReference> { Set(seals.map(\.key)) }

    /// Nil when nothing is sealed in the payload.
    init?(_ payload: EventPayload, _ binding: SealBinding) throws(BrokenSeal) {
        guard PersonalMarkers.mayBeSealed(payload.bytes) else { return nil }
        bytes = payload.bytes
        self.binding = binding
        guard let markers = try? PersonalMarkerScanner.markers(in: bytes) else {
            throw BrokenSeal(place: binding, subject: nil, reason: .malformed)
        }
        var seals: [Seal] = []
        for marker in markers where marker.name == .sealed {
            guard case .sealed(let subject, let key, let data) = marker.content,
                let subject = try? DataSubject(subject), let id = UUID(text: key),
                let data = Data(base64Encoded: Data(bytes[data]))
            else { throw BrokenSeal(place: binding, subject: nil, reason: .malformed) }
            let reference = SubjectKeyReference(id: SubjectKeyID(id), tenant: binding.tenant)
            seals.append(Seal(range: marker.range, subject: subject, key: reference, data: data))
        }
        guard !seals.isEmpty else { return nil }
        self.seals = seals
    }

    func open(with entries: [SubjectKeyReference: SubjectKeyCache.Entry]) throws(BrokenSeal) -> EventPayload {
        var (opened, copied): ([UInt8], Int) = ([], 0)
        opened.reserveCapacity(bytes.count)
        for (ordinal, seal) in seals.enumerated() {
            opened += bytes[copied..<seal.range.lowerBound]
            opened += try open(seal, ordinal: ordinal, with: entries[seal.key])
            copied = seal.range.upperBound
        }
        return EventPayload(bytes: opened + bytes[copied...])
    }

    private func open(
        _ seal: Seal, ordinal: Int, with entry: SubjectKeyCache.Entry?
    ) throws(BrokenSeal) -> [UInt8] {
        switch entry {
        case .destroyed(let subject)? where subject == seal.subject:
            return PersonalMarkers.forgotten(subject.rawValue)
        case .live(let key)?:
            let place = binding.authenticatedData(subject: seal.subject, key: key.id, ordinal: ordinal)
            guard let box = try? AES.GCM.SealedBox(combined: seal.data),
                let value = try? AES.GCM.open(box, using: key.key, authenticating: place)
            else { throw BrokenSeal(place: binding, subject: seal.subject, reason: .notAuthentic) }
            return PersonalMarkers.personal(seal.subject, value)
        case .destroyed?:
            throw BrokenSeal(place: binding, subject: seal.subject, reason: .notAuthentic)
        case nil:
            throw BrokenSeal(place: binding, subject: seal.subject, reason: .unknownKey)
        }
    }
}

extension RecordedEvent {
    /// Runs `body`, and adds the event's position to what it throws.
    fileprivate func locating<Answer>(_ body: () throws(BrokenSeal) -> Answer) throws(BrokenSeal) -> Answer {
        do { return try body() } catch { throw error.located(at: position) }
    }
}

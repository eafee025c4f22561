import Crypto
import FoundationEssentials

extension PersonalDataVault {
    /// Replaces what ``Personal`` has written into the payload by its sealed form; any other payload passes untouched.
    ///
    /// - Parameter binding: the place that the payload is for.
    /// - Throws: ``SubjectForgotten`` when there is data of a subject whose key was destroyed; ``ReservedMarker`` when
    ///   the payload holds a marker of personal data that ``Personal`` has not written in this process;
    ///   ``UnusableSubjectKey``; and what the key store throws.
    public func seal(_ payload: EventPayload, for binding: SealBinding) async throws -> EventPayload {
        guard PersonalMarkers.mayStand(in: payload.bytes) else { return payload }
        let markers = try PersonalMarkers.written(in: payload.bytes, for: binding)
        guard !markers.isEmpty else { return payload }
        var keys: [String: UsableKey] = [:]
        for case .personal(let subject, _, _) in markers.map(\.content) where keys[subject] == nil {
            keys[subject] = try await key(sealingFor: DataSubject(subject), in: binding.tenant)
        }
        var ordinal = 0
        let sealed = try payload.bytes.replacing(markers) { marker in
            switch marker.content {
            case .personal(let subject, let value, _):
                defer { ordinal += 1 }
                // Every subject among the markers was looked up above.
                return try keys[subject]!.seal(payload.bytes[value], for: binding, ordinal: ordinal)
            case .forgotten(let subject, _):
                return PersonalMarkers.forgotten(subject)
            case .sealed, .foreign, .nesting:
                return Array(payload.bytes[marker.range])
            }
        }
        return EventPayload(bytes: sealed)
    }
}

extension UsableKey {
    /// A value's JSON as the sealed marker that replaces it.
    fileprivate func seal(_ value: ArraySlice<UInt8>, for binding: SealBinding, ordinal: Int) throws -> [UInt8] {
        let box = try AES.GCM.seal(
            value, using: key,
            authenticating: binding.authenticatedData(subject: subject, key: id, ordinal: ordinal))
        let data = (Data(box.nonce) + box.ciphertext + box.tag).base64EncodedString()
        return Array(#"{"$sealed":{"subject":"\#(subject)","key":"\#(id)","data":"\#(data)"}}"#.utf8)
    }
}

/// A payload holds `$personal`, `$sealed` or `$forgotten` as the name of a member, and ``Personal`` has not written it:
/// in the store it would be taken for personal data. Nothing was written; use another name.
public struct ReservedMarker: Error, Hashable, Sendable, CustomStringConvertible {
    /// Why a marker was refused.
    public enum Reason: Hashable, Sendable {
        /// It was not written by ``Personal`` in this process.
        case notPersonal
        /// Personal data is nested in personal data.
        case nested
        /// The payload is no JSON, and holds the name all the same.
        case notJSON
    }

    /// Where the payload was to go.
    public let place: SealBinding
    /// The member's name.
    public let name: String
    /// Why it was refused.
    public let reason: Reason

    init(_ name: PersonalMarker.Name, in place: SealBinding, reason: Reason) {
        self.place = place
        self.name = name.rawValue
        self.reason = reason
    }

    /// Names the event and the member, and says what to do.
    public var description: String {
        let problem =
            switch reason {
            case .notPersonal: "a member of this name is reserved; write personal data as Personal, and rename others"
            case .nested: "personal data cannot stand within personal data; put the values side by side"
            case .notJSON: "the payload is no JSON and contains this reserved name; encode it, as base64 for instance"
            }
        return "\(place): \(name): \(problem)"
    }
}

extension ReservedMarker: CategorizedError {
    /// Repeating it changes nothing: tell the caller.
    public var category: ErrorCategory { .validation }
}

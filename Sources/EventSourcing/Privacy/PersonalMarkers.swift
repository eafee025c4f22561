import Glibc

/// How personal data is marked in a payload's bytes.
enum PersonalMarkers {
    /// Whether the bytes may hold a marker: one search, and a second one for those who write a dollar as `\u0024`.
    static func mayStand(in bytes: [UInt8]) -> Bool {
        bytes.holds(#""$"#) || bytes.holds(#""\u0024"#)
    }

    /// Whether the bytes may hold a sealed marker.
    static func mayBeSealed(_ bytes: [UInt8]) -> Bool { bytes.holds(#""$sealed""#) }

    /// What ``Personal`` has written into a payload.
    ///
    /// - Throws: ``ReservedMarker`` when there is a marker that it has not written.
    static func written(in bytes: [UInt8], for binding: SealBinding) throws(ReservedMarker) -> [PersonalMarker] {
        let markers: [PersonalMarker]
        do { markers = try PersonalMarkerScanner.markers(in: bytes) } catch {
            for name in PersonalMarker.Name.allCases where bytes.holds("\"\(name.rawValue)\"") {
                throw ReservedMarker(name, in: binding, reason: .notJSON)
            }
            return []
        }
        for marker in markers {
            switch marker.content {
            case .personal(_, _, PersonalWitness.text), .forgotten(_, PersonalWitness.text): continue
            case .nesting: throw ReservedMarker(marker.name, in: binding, reason: .nested)
            case .personal, .sealed, .forgotten, .foreign:
                throw ReservedMarker(marker.name, in: binding, reason: .notPersonal)
            }
        }
        return markers
    }

    static func personal(_ subject: DataSubject, _ value: some Sequence<UInt8>) -> [UInt8] {
        Array(#"{"$personal":{"subject":"\#(subject)","value":"#.utf8) + value + Array("}}".utf8)
    }

    static func forgotten(_ subject: String) -> [UInt8] {
        Array(#"{"$forgotten":{"subject":"\#(subject)"}}"#.utf8)
    }
}

extension [UInt8] {
    /// Whether the bytes contain a text that begins with a quotation mark. It looks for the text's second character,
    /// which is rare where quotation marks are many.
    func holds(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { needle in
            withUnsafeBytes { bytes in
                var place = 1
                while place < bytes.count,
                    let found = memchr(bytes.baseAddress! + place, Int32(needle[1]), bytes.count - place)
                {
                    let start = bytes.baseAddress!.distance(to: found) - 1
                    guard bytes.count - start >= needle.count else { return false }
                    if memcmp(bytes.baseAddress! + start, needle.baseAddress!, needle.count) == 0 { return true }
                    place = start + 2
                }
                return false
            }
        }
    }

    /// The bytes with something else in place of each of the markers, which do not overlap.
    func replacing(_ markers: [PersonalMarker], by replacement: (PersonalMarker) throws -> [UInt8]) rethrows -> [UInt8]
    {
        var (result, copied): ([UInt8], Int) = ([], 0)
        for marker in markers {
            result += self[copied..<marker.range.lowerBound]
            result += try replacement(marker)
            copied = marker.range.upperBound
        }
        return result + self[copied...]
    }
}

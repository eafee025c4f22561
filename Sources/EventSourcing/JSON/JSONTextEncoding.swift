import FoundationEssentials
import Glibc

/// Encodes values as `JSONEncoder.events` does, to the same bytes in a fraction of the time: members sorted by name, times as
/// RFC 3339, slashes as they are.
///
/// It encodes what it is sure of. Everything else is a doubt, for `JSONEncoder` to decide: errors, and what is rare.
final class JSONTextEncoding {
    /// This encoder is not sure; what it has written is not to be used.
    struct Doubt: Error {}

    /// A value that is being written.
    private struct Frame {
        enum Content { case none, single, object, array }

        let id: Int
        /// Of ``members``, where those of an object begin.
        let members: Int
        var content = Content.none
        var count = 0
    }

    /// A member of an object that is being written, in the bytes.
    private struct Member {
        /// Where its name's quotation mark is.
        let start: Int
        /// Where its name ends, without the quotation mark.
        let nameEnd: Int
    }

    // One call encodes one value, and no access is inside of another one; to check that took a fifth of the time.
    @exclusivity(unchecked) private var json = JSONWriter(capacity: 1024, escapes: .letters)
    /// From the outermost to the innermost.
    @exclusivity(unchecked) private var frames: [Frame] = []
    @exclusivity(unchecked) private var members: [Member] = []
    @exclusivity(unchecked) private var lastID = 0
    @exclusivity(unchecked) private var isDoubtful = false

    private init() {
        frames.reserveCapacity(8)
        members.reserveCapacity(32)
    }

    /// The value as JSON; nil when `JSONEncoder` has to decide.
    static func encoded(_ value: some Encodable) -> [UInt8]? {
        let encoding = JSONTextEncoding()
        do {
            try encoding.write(value)
            return encoding.isDoubtful ? nil : encoding.json.bytes
        } catch {
            return nil
        }
    }

    func doubt() -> Doubt {
        isDoubtful = true
        return Doubt()
    }
}

// MARK: - Values

extension JSONTextEncoding {
    /// Writes a value where one is expected: at the start, after a member's name, or as an array's element.
    func write<Value: Encodable>(_ value: Value) throws {
        if Value.self == Date.self { return json.time(unsafeBitCast(value, to: Date.self)) }
        // JSONEncoder has ways of its own with these.
        if Value.self == Data.self || Value.self == URL.self || Value.self == Decimal.self { throw doubt() }
        let depth = frames.count
        try value.encode(to: JSONTextEncoder(encoding: self, frame: open()))
        try close(downTo: depth)
    }

    func write(_ text: String) { json.string(text) }
    func write(_ flag: Bool) { json.literal(flag ? "true" : "false") }
    func write(integer number: some BinaryInteger) { json.literal(String(number)) }
    func writeNil() { json.null() }

    func write(_ number: Double) throws { try write(number.description, isFinite: number.isFinite) }
    func write(_ number: Float) throws { try write(number.description, isFinite: number.isFinite) }

    private func write(_ number: String, isFinite: Bool) throws {
        guard isFinite else { throw doubt() }
        json.literal(number.hasSuffix(".0") ? String(number.dropLast(2)) : number)
    }
}

// MARK: - Containers

extension JSONTextEncoding {
    /// What an encoder or a container writes to: a frame, as long as it is open.
    struct Handle {
        fileprivate let index: Int
        fileprivate let id: Int

        /// Of what cannot be written.
        fileprivate static let none = Handle(index: -1, id: -1)
    }

    private func open() -> Handle {
        lastID += 1
        frames.append(Frame(id: lastID, members: members.count))
        return Handle(index: frames.count - 1, id: lastID)
    }

    /// Opens a container inside of another one, which stays open until the other one is written to again.
    func openNested(in object: Bool) -> Handle {
        guard !isDoubtful else { return .none }
        let handle = open()
        return begin(object ? .object : .array, handle) ? handle : .none
    }

    func beginObject(_ handle: Handle) -> Bool { begin(.object, handle) }
    func beginArray(_ handle: Handle) -> Bool { begin(.array, handle) }
    func beginSingle(_ handle: Handle) -> Bool { begin(.single, handle) }

    private func begin(_ content: Frame.Content, _ handle: Handle) -> Bool {
        guard (try? resume(handle)) != nil else { return false }
        let present = frames[handle.index].content
        guard present == .none else {
            // A type may ask for its container again, but only for one of the same kind.
            if present != content || content == .single { _ = doubt() }
            return !isDoubtful
        }
        frames[handle.index].content = content
        switch content {
        case .object: json.begin(UInt8(ascii: "{"))
        case .array: json.begin(UInt8(ascii: "["))
        case .single, .none: break
        }
        return true
    }

    /// Closes what was opened inside of a frame, so that the frame can be written to.
    private func resume(_ handle: Handle) throws {
        guard frames.indices.contains(handle.index), frames[handle.index].id == handle.id else { throw doubt() }
        if frames.count > handle.index + 1 { try close(downTo: handle.index + 1) }
    }

    private func close(downTo depth: Int) throws {
        while frames.count > depth {
            let frame = frames.removeLast()
            switch frame.content {
            // A value that encodes nothing.
            case .none: throw doubt()
            case .single: if frame.count != 1 { throw doubt() }
            case .array: json.end(UInt8(ascii: "]"))
            case .object:
                try sortMembers(from: frame.members)
                members.removeSubrange(frame.members...)
                json.end(UInt8(ascii: "}"))
            }
        }
    }

    /// Writes a member's name; its value follows.
    func member(_ key: some CodingKey, _ handle: Handle) throws {
        try resume(handle)
        var name = key.stringValue
        let (start, isPlain) = name.withUTF8 { json.name($0) }
        // Other names have escapes, or are sorted as texts and not as bytes.
        guard isPlain else { throw doubt() }
        members.append(Member(start: start, nameEnd: start + 1 + name.utf8.count))
    }

    /// An element, or the one value of a single value container, follows.
    func element(_ handle: Handle) throws {
        try resume(handle)
        frames[handle.index].count += 1
    }

    func count(_ handle: Handle) -> Int { frames.indices.contains(handle.index) ? frames[handle.index].count : 0 }
}

// MARK: - Order

extension JSONTextEncoding {
    /// Puts the members of the innermost object in the order of their names.
    private func sortMembers(from first: Int) throws {
        let count = members.count - first
        guard count > 1 else { return }
        let start = members[first].start
        let end = json.bytes.count
        try withUnsafeTemporaryAllocation(of: Int.self, capacity: count) { order in
            let isSorted = try json.bytes.withUnsafeBufferPointer { bytes in
                var isSorted = true
                for index in 0..<count {
                    var position = index
                    while position > 0 {
                        let comparison = compare(first + order[position - 1], first + index, in: bytes)
                        // Of two with the same name the last one counts.
                        if comparison == 0 { throw doubt() }
                        if comparison < 0 { break }
                        order[position] = order[position - 1]
                        position -= 1
                        isSorted = false
                    }
                    order[position] = index
                }
                return isSorted
            }
            guard !isSorted else { return }
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: end - start) { sorted in
                json.bytes.withUnsafeMutableBufferPointer { bytes in
                    var length = 0
                    for index in order {
                        let member = first + index
                        // A comma is between a member and the next one.
                        let memberEnd = member + 1 < members.count ? members[member + 1].start - 1 : end
                        let written = bytes[members[member].start..<memberEnd]
                        if length > 0 {
                            sorted[length] = UInt8(ascii: ",")
                            length += 1
                        }
                        _ = UnsafeMutableBufferPointer(rebasing: sorted[length...]).update(fromContentsOf: written)
                        length += written.count
                    }
                    _ = UnsafeMutableBufferPointer(rebasing: bytes[start..<end]).update(fromContentsOf: sorted)
                }
            }
        }
    }

    /// Less than zero when the name of the one member is before that of the other, zero when they are the same.
    private func compare(_ one: Int, _ other: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
        let (one, other) = (members[one], members[other])
        let (count, otherCount) = (one.nameEnd - one.start, other.nameEnd - other.start)
        let comparison = memcmp(
            bytes.baseAddress! + one.start, bytes.baseAddress! + other.start, min(count, otherCount))
        return comparison != 0 ? Int(comparison) : count - otherCount
    }
}

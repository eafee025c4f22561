import Dispatch
import EventSourcing
import FoundationEssentials
import Glibc
import Synchronization

/// Writes log lines in order, on a queue of its own, so that a slow reader of the log never blocks an event loop.
///
/// Lines are collected and written together: at the latest 25 ms after the first one, and at once when one of them is a
/// warning or worse. With nothing to write nothing runs. When the process exits, what is left is written, if the reader
/// takes it within two seconds. A crash loses the lines of the last 25 ms.
///
/// At most a megabyte waits to be written, or two when warnings are among it. Lines beyond that are dropped and counted; a
/// line says how many.
final class LogWriter: Sendable {
    /// What every logger of the program writes to.
    static let standardError: LogWriter = {
        let writer = LogWriter(descriptor: STDERR_FILENO)
        atexit { LogWriter.standardError.flush() }
        return writer
    }()

    private let descriptor: Int32
    private let pending = Mutex(LogBuffer())
    private let queue = DispatchQueue(label: "log")

    init(descriptor: Int32) { self.descriptor = descriptor }

    /// - Parameter isUrgent: whether it is written at once, with all lines before it.
    func append(_ line: String, isUrgent: Bool) {
        let write = pending.withLock { $0.append(line, isUrgent: isUrgent) }
        switch write {
        case .atOnce: queue.async { self.write() }
        case .soon: queue.asyncAfter(deadline: .now() + .milliseconds(25)) { self.write() }
        case nil: break
        }
    }

    /// Returns when everything that was appended before has been written, or after two seconds.
    func flush() {
        let write = DispatchWorkItem { self.write() }
        queue.async(execute: write)
        _ = write.wait(timeout: .now() + .seconds(2))
    }

    private func write() {
        let (lines, dropped) = pending.withLock { $0.take() }
        write(lines)
        if dropped > 0 {
            write(Array("\(RFC3339.string(from: .now)) warning log: lines=\(dropped) [LogWriter] Dropped lines\n".utf8))
        }
    }

    private func write(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.base.baseAddress! + rest.startIndex, rest.count)
                // Nothing can be done about a log that cannot be written.
                guard count >= 0 || errno == EINTR else { return }
                rest = rest.dropFirst(max(0, count))
            }
        }
    }
}

/// The lines that are to be written, and when.
struct LogBuffer {
    enum Write: Comparable {
        case soon
        case atOnce
    }

    /// In bytes, of lines that are not urgent.
    static let limit = 1 << 20
    /// From how many bytes on lines are written at once.
    private static let batch = 64 << 10

    private var lines: [UInt8] = []
    private var dropped = 0
    /// The write that will take the lines; nil when none is due.
    private var due: Write?

    /// - Returns: the write that has to be scheduled because of this line, if any.
    mutating func append(_ line: String, isUrgent: Bool) -> Write? {
        guard lines.count + line.utf8.count <= (isUrgent ? 2 * Self.limit : Self.limit) else {
            dropped += 1
            return nil
        }
        lines += line.utf8
        let wanted: Write = isUrgent || lines.count >= Self.batch ? .atOnce : .soon
        if let due, due >= wanted { return nil }
        due = wanted
        return wanted
    }

    /// Takes everything that is to be written.
    mutating func take() -> (lines: [UInt8], dropped: Int) {
        defer { (lines, dropped, due) = ([], 0, nil) }
        return (lines, dropped)
    }
}

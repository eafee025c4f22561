import FoundationEssentials
import Glibc
import Logging
import SystemPackage
import Testing

@testable import InvoicesServer

@Suite(.timeLimit(.minutes(1))) struct LogWriterTests {
    // What is written when: without a clock.

    @Test func `lines are taken together, in order, and nothing is due after that`() {
        var buffer = LogBuffer()
        #expect(buffer.append("a\n", isUrgent: false) == .soon)
        #expect(buffer.append("b\n", isUrgent: false) == nil)
        #expect(buffer.append("c\n", isUrgent: true) == .atOnce)
        #expect(buffer.append("d\n", isUrgent: true) == nil)
        #expect(String(decoding: buffer.take().lines, as: UTF8.self) == "a\nb\nc\nd\n")
        // An idle writer is one for which nothing is scheduled: only a further line schedules a write.
        #expect(buffer.take().lines.isEmpty)
        #expect(buffer.append("e\n", isUrgent: false) == .soon)
    }

    @Test func `what has no room is dropped and counted; warnings have more room`() {
        var buffer = LogBuffer()
        let line = String(repeating: "x", count: 1023) + "\n"
        for _ in 0..<(LogBuffer.limit / 1024) { _ = buffer.append(line, isUrgent: false) }
        #expect(buffer.append(line, isUrgent: false) == nil)
        _ = buffer.append("a warning\n", isUrgent: true)
        let (lines, dropped) = buffer.take()
        #expect(dropped == 1)
        #expect(lines.count == LogBuffer.limit + 10)
        #expect(lines.suffix(10) == Array("a warning\n".utf8)[...])
        #expect(buffer.take().dropped == 0)
    }

    // What is written, to a pipe.

    @Test func `lines come in order, a warning at once and with the lines before it`() async throws {
        let (reading, writing) = try FileDescriptor.pipe()
        let writer = LogWriter(descriptor: writing.rawValue)
        var logger = Logger(label: "log") { LineLogHandler(label: $0, writer: writer) }
        logger.logLevel = .info
        for number in 0..<100 { logger.info("Line", metadata: ["number": "\(number)"]) }
        logger.warning("Warning")
        var text = ""
        while !text.hasSuffix("Warning\n") { text += try reading.text() }
        let numbers = text.split(separator: "\n").dropLast().compactMap { line in
            line.split(separator: " ").first { $0.hasPrefix("number=") }.flatMap { Int($0.dropFirst("number=".count)) }
        }
        #expect(numbers == Array(0..<100))
        try writing.close()
        try reading.close()
    }

    @Test func `a line that is not urgent comes by itself`() throws {
        let (reading, writing) = try FileDescriptor.pipe()
        let writer = LogWriter(descriptor: writing.rawValue)
        writer.append("a line\n", isUrgent: false)
        #expect(try reading.text() == "a line\n")
        try writing.close()
        try reading.close()
    }

    @Test func `flushing waits until everything is written`() throws {
        let (reading, writing) = try FileDescriptor.pipe()
        let writer = LogWriter(descriptor: writing.rawValue)
        for _ in 0..<10 { writer.append("a line\n", isUrgent: false) }
        writer.flush()
        try writing.close()
        #expect(try reading.text() == String(repeating: "a line\n", count: 10))
        try reading.close()
    }

    @Test func `a reader that stops blocks nobody, and is told what it has missed`() async throws {
        let (reading, writing) = try FileDescriptor.pipe()
        let writer = LogWriter(descriptor: writing.rawValue)
        let line = String(repeating: "x", count: 1023) + "\n"
        // More than the pipe, what is being written, and the buffer can hold.
        let count = 4 * LogBuffer.limit / line.utf8.count
        for _ in 0..<count { writer.append(line, isUrgent: false) }
        var (size, end) = (0, "")
        while !end.hasSuffix("Dropped lines\n") {
            let part = try reading.text()
            size += part.utf8.count
            end = String((end + part).suffix(128))
        }
        let last = try #require(end.split(separator: "\n").last)
        let dropped = try #require(last.firstMatch(of: /lines=(\d+)/).flatMap { Int($0.1) })
        #expect(dropped > 0)
        #expect(size == (count - dropped) * line.utf8.count + last.utf8.count + 1)
        try writing.close()
        try reading.close()
    }
}

extension FileDescriptor {
    /// What there is to be read, at least a byte of it.
    fileprivate func text() throws -> String {
        try String(unsafeUninitializedCapacity: 1 << 16) { buffer in
            try read(into: UnsafeMutableRawBufferPointer(buffer))
        }
    }
}

import CLibPQ

/// The data of a `COPY`, which is none of the state machine's business.
extension PipelineConnection {
    enum CopyFlow {
        case out(CopyOutChannel)
        /// Bytes may be written. Each write is answered by rows.
        case into(PostgresRows)
    }

    /// A `COPY` has begun: its data flow from now on.
    func beginCopy(_ rows: PostgresRows) {
        if let channel = copyReader.take() { copyFlow = .out(channel) } else { copyFlow = .into(rows) }
    }

    /// Passes on what has come, as far as there is room: whether replies follow.
    func receiveCopy(_ channel: CopyOutChannel) -> Bool {
        var chunk: [UInt8] = []
        while true {
            var message: UnsafeMutablePointer<CChar>?
            let count = PQgetCopyData(handle, &message, 1)
            if let message {
                chunk.append(contentsOf: UnsafeRawBufferPointer(start: message, count: Int(count)))
                PQfreemem(message)
            }
            guard count <= 0 || chunk.count >= Self.copyChunk else { continue }
            if !chunk.isEmpty { isPaused = !channel.push(chunk) }
            guard count > 0 else {
                // 0: nothing more is there yet; else it has ended, well or not.
                if count < 0 { copyFlow = nil }
                return count < 0
            }
            if isPaused { return false }
            chunk.removeAll(keepingCapacity: true)
        }
    }

    private static var copyChunk: Int { 64 * 1024 }

    /// Writes bytes; the request is answered when the socket has taken them.
    func sendCopy(_ bytes: [UInt8], _ request: Request) -> Bool {
        copyWrite = request
        let sent = bytes.withUnsafeBytes { buffer in
            PQputCopyData(handle, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(buffer.count))
        }
        return sent == 1 && flush()
    }

    /// Ends the data, with an error if a failure is named.
    func endCopy(failure: String?, _ request: Request) -> Bool {
        pipeline.endCopy(request)
        copyFlow = nil
        return PQputCopyEnd(handle, failure) == 1 && flush()
    }

    /// The write that the socket has taken, if there is one.
    func takeWritten() -> (Request, PostgresRows)? {
        guard !needsWrite, case .into(let rows) = copyFlow, let request = copyWrite.take() else { return nil }
        return (request, rows)
    }
}

import CZlib
import Hummingbird

/// Compresses bytes as gzip (RFC 1952), quickly rather than tightly.
enum Gzip {
    /// - Returns: nil when there is no memory for it.
    static func compress(_ input: ByteBuffer) -> ByteBuffer? {
        var stream = z_stream()
        guard czlib_begin_gzip(&stream) == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, UInt(input.readableBytes)))
        var output = ByteBuffer()
        var result = Z_OK
        output.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { target in
            input.withUnsafeReadableBytes { source in
                // zlib's interface has no const; it does not write to what it reads.
                stream.next_in = UnsafeMutablePointer(
                    mutating: source.baseAddress?.assumingMemoryBound(to: UInt8.self))
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.avail_out = UInt32(target.count)
                result = deflate(&stream, Z_FINISH)
            }
            return Int(stream.total_out)
        }
        return result == Z_STREAM_END ? output : nil
    }
}

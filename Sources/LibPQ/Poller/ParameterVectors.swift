/// The arrays in which libpq wants parameters, reused from request to request.
struct ParameterVectors {
    private(set) var types: [UInt32] = []
    private var values: [UnsafePointer<CChar>?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    /// Lends the parameters as vectors. The values point into `parameters`, nothing is copied.
    mutating func withVectors<Answer>(
        of parameters: EncodedParameters,
        _ body: (
            _ types: UnsafePointer<UInt32>?, _ values: UnsafePointer<UnsafePointer<CChar>?>?,
            _ lengths: UnsafePointer<Int32>?, _ formats: UnsafePointer<Int32>?
        ) -> Answer
    ) -> Answer {
        parameters.bytes.withUnsafeBytes { bytes in
            types.removeAll(keepingCapacity: true)
            values.removeAll(keepingCapacity: true)
            lengths.removeAll(keepingCapacity: true)
            var offset = 0
            for _ in 0..<parameters.count {
                types.append(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
                let length = Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset + 4, as: Int32.self))
                offset += 8
                // A value of no bytes at the very end still needs an address: a null pointer would mean NULL.
                let start = bytes.baseAddress.map { $0 + offset }
                values.append(length < 0 ? nil : start?.assumingMemoryBound(to: CChar.self))
                lengths.append(max(length, 0))
                offset += Int(max(length, 0))
            }
            while formats.count < parameters.count { formats.append(1) }
            return body(types, values, lengths, formats)
        }
    }
}

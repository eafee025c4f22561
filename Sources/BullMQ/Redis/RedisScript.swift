import Crypto

/// A Lua script that Redis runs as one step, and the SHA-1 hash by which Redis knows it.
public struct RedisScript: Hashable, Sendable {
    /// For error messages.
    public let name: String
    /// The text in Lua.
    public let source: String
    /// 40 hexadecimal digits.
    public let hash: String

    /// Makes a script of its text in Lua; the name is for people.
    public init(_ name: String, _ source: String) {
        self.name = name
        self.source = source
        hash = Insecure.SHA1.hash(data: Array(source.utf8)).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0\(digits)" : digits
        }.joined()
    }

    func callByHash(_ keys: [RedisArgument], _ arguments: [RedisArgument]) -> RedisCommand {
        RedisCommand(["EVALSHA", RedisArgument(hash), RedisArgument(keys.count)] + keys + arguments)
    }

    func callBySource(_ keys: [RedisArgument], _ arguments: [RedisArgument]) -> RedisCommand {
        RedisCommand(["EVAL", RedisArgument(source), RedisArgument(keys.count)] + keys + arguments)
    }

    var load: RedisCommand { RedisCommand("SCRIPT", "LOAD", RedisArgument(source)) }
}

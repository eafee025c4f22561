import Testing

@testable import BullMQ

@Suite struct RedisURLTests {
    @Test(arguments: [
        ("redis://localhost", "redis://localhost:6379/0"),
        ("redis://:secret@localhost:6380/2", "redis://localhost:6380/2"),
        ("redis://ada:secret@redis.example/", "redis://ada@redis.example:6379/0"),
        ("rediss://ada:se%40c%3Aret@[::1]:6390", "rediss://ada@[::1]:6390/0"),
        ("unix:///run/redis.sock?db=3", "unix:///run/redis.sock?db=3"),
        ("redis+unix://:secret@/run/redis%20x.sock", "unix:///run/redis x.sock?db=0"),
    ])
    func `a URL says where Redis is, and its description has no password`(text: String, description: String) throws {
        #expect("\(try RedisURL(text))" == description)
    }

    @Test func `reserved characters of a password are percent-encoded`() throws {
        let url = try RedisURL("redis://a%3Ab:p%40ss%2Fw%25rd:x@host:1/7")
        #expect(url.user == "a:b")
        #expect(url.password == "p@ss/w%rd:x")
        #expect(url.address == .tcp(host: "host", port: 1))
        #expect(url.database == 7)
        #expect(!url.usesTLS)
        #expect(try RedisURL("rediss://host").usesTLS)
    }

    @Test(arguments: [
        "", "localhost:6379", "http://localhost", "redis://", "redis://:secret@", "redis://host:port", "redis://host:0",
        "redis://host:65536", "redis://host/db", "redis://host/-1", "redis://secret@host", "redis://u:%zz@host",
        "redis://[::1", "redis://[::1]x", "redis://host?db=1", "unix://", "unix://relative", "unix:///s?database=1",
        "unix:///\(String(repeating: "x", count: 108))",
    ])
    func `a broken URL is one line that does not repeat it`(text: String) throws {
        let error = try #require(throws: RedisError.self) { try RedisURL(text) }
        #expect(error.code == .invalidConfiguration)
        #expect(!error.message.contains("\n"))
        #expect(!error.message.contains("secret"))
    }

    @Test(arguments: [
        ("OOM command not allowed when used memory > 'maxmemory'.", RedisError.Code.outOfMemory),
        ("READONLY You can't write against a read only replica.", .readOnly),
        ("UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)", .readOnly),
        ("LOADING Redis is loading the dataset in memory", .loading),
        ("MISCONF Redis is configured to save RDB snapshots", .persistenceFailed),
        ("WRONGPASS invalid username-password pair", .accessDenied),
        ("NOAUTH Authentication required.", .accessDenied),
        ("NOPERM this user has no permissions", .accessDenied),
        (
            "ERR Error running script (call to f_1): @user_script:3: @user_script: 3: -OOM command not allowed",
            .outOfMemory
        ),
        ("ERR user_script:3: Script attempted to access nonexistent global variable 'x' script: 1", .scriptFailed),
        ("ERR Error compiling script (new function): user_script:1: '=' expected near 'is'", .scriptFailed),
        ("NOSCRIPT No matching script.", .scriptFailed),
        ("WRONGTYPE Operation against a key", .rejected),
    ])
    func `an error reply has a code`(reply: String, code: RedisError.Code) {
        #expect(RedisError(reply: reply).code == code)
        let isTransient = [RedisError.Code.outOfMemory, .readOnly, .loading, .persistenceFailed].contains(code)
        #expect(RedisError(reply: reply).isTransient == isTransient)
    }
}

import EventSourcing
import Testing

@Suite struct WebhookAddressTests {
    @Test(arguments: [
        "", "example.com", "//example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/",
        "https://", "https:///path", "https://user@example.com/", "https://user:secret@example.com/",
        "https://example.com@127.0.0.1/", "https://127.0.0.1\\@example.com/", "https://example.com#@127.0.0.1/",
        "https://example.com/#fragment", "https://exa mple.com/", "https://example.com/\u{0}", "https://exämple.com/",
        "https://example.com:0/", "https://example.com:65536/", "https://example.com:+80/", "https://example.com:/",
        "https://example.com:80:80/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/",
        "https://0x7f.1/", "https://127.1/", "https://127.0.0.1.1/", "https://127.0.0.01/", "https://256.0.0.1/",
        "https://example.0x7f/", "https://example..com/", "https://.example.com/", "https://example.com../",
        "https://[::1/", "https://::1/", "https://[::1%25eth0]/", "https://[::g]/", "https://[1:2:3]/", "https://[]/",
        "https://[1::2::3]/", "https://[::127.0.0.1.1]/", "https://[::1]x/", "https://%6c%6f%63%61%6c/", "https://a,b/",
        "https://\(String(repeating: "a", count: 64)).com/",
        "https://example.com/\(String(repeating: "a", count: 2048))",
    ])
    func `an address that not every parser reads the same is refused`(text: String) {
        #expect(throws: InvalidName.self) { try WebhookURL(text) }
    }

    @Test(arguments: [
        ("https://example.com", "https://example.com/"), ("HTTPS://Example.COM./a?b=c", "https://example.com/a?b=c"),
        ("https://example.com:8443?x", "https://example.com:8443/?x"), ("http://8.8.8.8/x", "http://8.8.8.8/x"),
        ("https://[2606:4700:4700::1111]:443/", "https://[2606:4700:4700:0:0:0:0:1111]:443/"),
        ("https://xn--exmple-cua.com/", "https://xn--exmple-cua.com/"),
    ])
    func `a good address has one spelling`(text: String, spelling: String) throws {
        #expect(try WebhookURL(text).description == spelling)
        #expect(try WebhookURL(spelling) == WebhookURL(text))
    }

    @Test(arguments: [
        "https://localhost/", "https://localhost./", "https://LOCALHOST:8443/", "https://a.localhost/",
        "https://127.0.0.1/", "https://127.255.255.254/", "https://10.1.2.3/", "https://172.16.0.1/",
        "https://172.31.255.255/", "https://192.168.1.1/", "https://100.64.0.1/", "https://100.127.255.255/",
        "https://169.254.169.254/latest/meta-data/", "https://0.0.0.0/", "https://192.0.2.1/", "https://198.51.100.7/",
        "https://203.0.113.9/", "https://198.18.0.1/", "https://224.0.0.1/", "https://255.255.255.255/",
        "https://192.0.0.8/", "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:8.8.8.8]/", "https://[::127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b:1::1]/", "https://[fe80::1]/", "https://[fd00::1]/", "https://[fc00::1]/",
        "https://[ff02::1]/",
        "https://[2001:db8::1]/", "https://[2001::1]/", "https://[2002:7f00:1::]/", "https://[3fff::1]/",
        "https://[fec0::1]/", "https://[100::1]/", "http://example.com/", "http://8.8.8.8/",
    ])
    func `what is not the public Internet is refused`(text: String) throws {
        #expect(WebhookNetworkPolicy.publicInternet.refusal(of: try WebhookURL(text)) != nil)
    }

    @Test(arguments: [
        "https://example.com/", "https://localhost.example.com/", "https://8.8.8.8/", "https://172.32.0.1/",
        "https://100.128.0.1/", "https://[2606:4700:4700::1111]/", "https://[2a00:1450:4001::1]/", "https://192.0.1.1/",
    ])
    func `what is the public Internet is not`(text: String) throws {
        #expect(WebhookNetworkPolicy.publicInternet.refusal(of: try WebhookURL(text)) == nil)
    }

    @Test(arguments: [
        "http://localhost:8080/", "http://127.0.0.1/", "https://10.0.0.1/", "https://[::1]/", "https://[fd00::1]/",
        "https://100.64.0.1/", "https://192.168.0.1/", "https://example.com/",
    ])
    func `private networks can be allowed`(text: String) throws {
        #expect(WebhookNetworkPolicy.privateNetworks.refusal(of: try WebhookURL(text)) == nil)
    }

    @Test(arguments: [
        "https://169.254.169.254/", "https://[fe80::1]/", "https://0.0.0.0/", "https://224.0.0.1/",
        "https://192.0.2.1/",
        "https://[::ffff:169.254.169.254]/", "https://[::]/", "https://[64:ff9b::a9fe:a9fe]/",
    ])
    func `what is never an endpoint is refused then as well`(text: String) throws {
        #expect(WebhookNetworkPolicy.privateNetworks.refusal(of: try WebhookURL(text)) != nil)
    }

    @Test func `an error does not repeat a password`() {
        let error = #expect(throws: InvalidName.self) { try WebhookURL("https://user:hunter2@example.com/") }
        #expect(error.map { "\($0)".contains("hunter2") } == false)
    }
}

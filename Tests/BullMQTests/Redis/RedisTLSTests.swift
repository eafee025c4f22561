import BullMQ
import FoundationEssentials
import RedisTesting
import Subprocess
import Testing

@Suite(.timeLimit(.minutes(1))) struct RedisTLSTests {
    @Test func `it speaks TLS, and only with a server whose certificate it trusts`() async throws {
        try await RedisFolder.withFolder { folder in
            let (key, certificate) = ("\(folder.path)/key.pem", "\(folder.path)/cert.pem")
            let made = try await Subprocess.run(
                .name("openssl"),
                arguments: [
                    "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate,
                ], output: .discarded)
            #expect(made.terminationStatus.isSuccess)
            let other = try await RedisFolder.withFolder(\.port)
            let tls = [
                "--tls-port", "\(other)", "--tls-cert-file", certificate, "--tls-key-file", key, "--tls-auth-clients",
                "no",
            ]
            try await folder.running(tls) { _ in
                try await withClient(
                    of: "rediss://localhost:\(other)", configure: { $0.trustedCertificates = certificate }
                ) { client in
                    let reply = try await client.send(RedisCommand("PING"))
                    #expect(reply.text == "PONG")
                }
                try await withClient(
                    of: "rediss://localhost:\(other)", configure: { $0.commandTimeout = .milliseconds(500) }
                ) { client in
                    let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("PING")) }
                    #expect(error?.code == .unavailable)
                    #expect(error?.message.contains("CERTIFICATE_VERIFY_FAILED") == true, "\(error?.message ?? "")")
                    #expect(error?.message.contains("may not speak TLS") == false)
                }
            }
        }
    }

    @Test func `a server without TLS is guessed`() async throws {
        try await RedisFolder.withFolder { folder in
            try await folder.running { _ in
                try await withClient(
                    of: "rediss://localhost:\(folder.port)",
                    configure: { ($0.connectTimeout, $0.commandTimeout) = (.milliseconds(300), .seconds(2)) }
                ) { client in
                    let error = await #expect(throws: RedisError.self) { try await client.send(RedisCommand("PING")) }
                    #expect(error?.code == .unavailable)
                    #expect(error?.message.contains("may not speak TLS") == true, "\(error?.message ?? "")")
                }
            }
        }
    }

    @Test func `certificates that cannot be read are an error at once`() throws {
        var configuration = RedisConfiguration(url: try RedisURL("rediss://localhost"))
        configuration.trustedCertificates = "/nowhere.pem"
        let error = #expect(throws: RedisError.self) { try RedisClient(configuration) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.message.contains("\"/nowhere.pem\": there is no such file") == true)
    }
}

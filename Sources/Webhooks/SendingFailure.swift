import AsyncHTTPClient
import EventSourcing
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

/// Why a request had no answer, in words for the people who look after the endpoint.
enum SendingFailure {
    static func text(of error: any Error, timeout: Duration) -> String {
        switch error {
        case let error as HTTPClientError: text(of: error, timeout: timeout)
        case is CancellationError: "the service was stopped before there was an answer"
        case is RefusedAddress, is UnknownHost: String("\(error)".prefix(300))
        case is HTTPParserError: "the answer is not HTTP"
        case is ChannelError: "the connection was closed before there was an answer"
        case let error as IOError: text(of: error)
        case let error as NIOConnectionError:
            error.connectionErrors.lazy.compactMap { $0.error as? IOError }.first.map(text)
                ?? "no connection could be made"
        default: textOfSecurity("\(error)")
        }
    }

    private static func text(of error: HTTPClientError, timeout: Duration) -> String {
        switch error {
        case .deadlineExceeded, .readTimeout: "no answer within \(timeout / .seconds(1)) seconds"
        case .connectTimeout: "no connection in time"
        case .tlsHandshakeTimeout: "no secure connection in time"
        case .remoteConnectionClosed: "the connection was closed before there was an answer"
        default: "\(error)"
        }
    }

    private static func text(of error: IOError) -> String {
        switch error.errnoCode {
        case ECONNREFUSED: "the connection was refused"
        case ECONNRESET, EPIPE: "the connection was closed before there was an answer"
        case EHOSTUNREACH, ENETUNREACH: "the host cannot be reached"
        case ETIMEDOUT: "no connection in time"
        default: "the connection failed"
        }
    }

    /// The TLS library reports its reasons only as text, with names of its source files.
    private static func textOfSecurity(_ text: String) -> String {
        if text.contains("CERTIFICATE_VERIFY_FAILED") { return "the certificate is not trusted, or has expired" }
        if text.contains("failedToValidateHostname") || text.contains("in certificate from peer") {
            return "the certificate is not for this name"
        }
        if text.contains("WRONG_VERSION_NUMBER") || text.contains("HTTP_REQUEST") {
            return "the endpoint does not speak TLS"
        }
        if text.contains("EOF") || text.contains("uncleanShutdown") {
            return "the connection was closed before there was an answer"
        }
        if text.contains("SSL") { return "no secure connection could be made" }
        return String(text.prefix(300))
    }
}

/// How large a request may be. `openapi.yaml` states the same. A context adds the limits of its own values.
package enum RequestLimits {
    /// In bytes.
    package static let bodySize = 64 * 1024
    /// How many resources a request may have.
    package static let batchSizes = 1...500
    /// Of a request with several resources, in bytes.
    package static let batchBodySize = 1024 * 1024
    /// What is requested: path and query, in bytes.
    package static let targetSize = 8 * 1024
    /// The line of the request and its headers, in bytes.
    package static let headersSize = 32 * 1024
    package static let headerCount = 100
    package static let pageSizes = 1...200
    package static let defaultPageSize = 50
    /// In characters.
    package static let requestID = 1...128
}

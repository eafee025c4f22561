import InvoicesDomain

/// How large a request and its values may be, as `openapi.yaml` says.
enum RequestLimits {
    /// In bytes.
    static let bodySize = 64 * 1024
    static let batchSizes = 1...500
    /// Of a request to create a batch, in bytes.
    static let batchBodySize = 1024 * 1024
    /// The line of the request and its headers, in bytes.
    static let headersSize = 32 * 1024
    static let headerCount = 100
    /// In minor units.
    static let amounts = 1...Money.largestInvoice
    static let pageSizes = 1...200
    static let defaultPageSize = 50
    /// In characters.
    static let requestID = 1...128
}

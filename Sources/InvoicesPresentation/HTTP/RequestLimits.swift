import InvoicesDomain

/// How large a request and its values may be, as `openapi.yaml` says.
enum RequestLimits {
    /// In bytes.
    static let bodySize = 64 * 1024
    /// In minor units.
    static let amounts = 1...Money.largestInvoice
    static let pageSizes = 1...200
    static let defaultPageSize = 50
    /// In characters.
    static let requestID = 1...128
}

import PostgresTesting

/// Accepts connections over TCP on this machine and never says anything.
final class SilentServer: Sendable {
    private let listener: LoopbackListener

    var port: Int { listener.port }

    init() {
        do { listener = try LoopbackListener() } catch { fatalError("no TCP port is left") }
    }

    deinit { listener.close() }
}

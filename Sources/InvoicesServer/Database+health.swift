import LibPQ

/// Whether the service can work with a database.
extension Database {
    private enum Failure: String {
        case readOnly = "takes no writes"
        case silent = "does not answer"
    }

    /// Why the service cannot work with the database, in words for anybody; nil when it can.
    ///
    /// - Parameter isStopped: whether a lock of another session keeps the service from working.
    func failure(when isStopped: (PostgresBlockade) -> Bool) async -> String? {
        async let failure = currentFailure()
        let blockades = try? await lockWatch.look(timeout: Self.probeTimeout)
        if let blockade = blockades?.first(where: isStopped) {
            return """
                is locked by another session, process \(blockade.holder.processID), \
                for \(blockade.duration.components.seconds) seconds
                """
        }
        // Behind a lock that keeps only a part of the work waiting, the sessions that all share can be silent.
        if await failure == .silent, blockades?.isEmpty == false { return nil }
        return await failure?.rawValue
    }

    /// Nil when the database answers and takes writes.
    private func currentFailure() async -> Failure? {
        do {
            async let reading = client.query(Self.ping, timeout: Self.probeTimeout)
            async let writing: Void = client.checkWriting(timeout: Self.probeTimeout)
            _ = try await (reading, writing)
            return nil
        } catch let error as PostgresError where error.meansReadOnly {
            return .readOnly
        } catch {
            return .silent
        }
    }

    private static let ping = PostgresStatement("select 1")
    /// How long a session may take to answer when it is asked whether it can work.
    private static let probeTimeout = Duration.seconds(3)
}

extension PostgresError {
    fileprivate var meansReadOnly: Bool { code == .readOnly || sqlState == .readOnlyTransaction }
}

/// `LISTEN` on a connection that does nothing else.
extension Poller {
    private var listener: PipelineConnection? {
        connections.first { $0.role == .listener && $0.isReady }
    }

    func subscribe(_ subscription: Subscription) {
        let isNew = listening.add(subscription)
        if isNew, let listener { listen(subscription.channel, on: listener) }
    }

    func unsubscribe(_ id: RequestID) {
        guard let channel = listening.remove(id), let listener else { return }
        conclude(listener.sendHousekeeping("UNLISTEN \(quoted(channel))"), listener)
    }

    func listenToAll(on connection: PipelineConnection) {
        for channel in listening.names { listen(channel, on: connection) }
    }

    private func listen(_ channel: String, on connection: PipelineConnection) {
        let addressee = Request.Addressee.listener(channel: channel, generation: listening.begin(channel))
        let statement = PostgresStatement(verbatim: "LISTEN \(quoted(channel))")
        let deadline = CoarseInstant.now.advanced(by: configuration.connectTimeout.milliseconds)
        let request = Request(
            id: mailbox.nextID(), statement(), policy: .transactional, deadline: deadline, addressee: addressee)
        sendGroup([request], on: connection)
    }

    private func quoted(_ channel: String) -> String {
        "\"" + channel.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

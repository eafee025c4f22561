import FoundationEssentials
import NIOCore
import NIOSSL
import Synchronization

/// A connection to a ``MailReceiver``.
final class MailSession: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let receiver: MailReceiver
    private let tls: NIOSSLContext?
    private var isEncrypted: Bool
    private var buffer: [UInt8] = []
    private var (sender, recipient): (String?, String?) = (nil, nil)
    private var user: String?
    /// What AUTH LOGIN has asked for: the user, then the password.
    private var loginUser: String??
    /// The lines of the mail that is being received.
    private var mail: [String]?

    init(_ receiver: MailReceiver, _ tls: NIOSSLContext?, isEncrypted: Bool) {
        self.receiver = receiver
        self.tls = tls
        self.isEncrypted = isEncrypted
    }

    private var behaviour: MailReceiver.Behaviour { receiver.state.withLock(\.behaviour) }

    func channelActive(context: ChannelHandlerContext) {
        receiver.state.withLock { $0.connections += 1 }
        reply(behaviour.replies["greeting"] ?? "220 relay.test ready", context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        buffer += Array(unwrapInboundIn(data).readableBytesView)
        while context.channel.isActive, let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: buffer[..<end].filter { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
            buffer.removeSubrange(...end)
            if mail != nil { content(line, context) } else { command(line, context) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func content(_ line: String, _ context: ChannelHandlerContext) {
        let behaviour = behaviour
        guard line == "." else {
            mail?.append(line.hasPrefix(".") ? String(line.dropFirst()) : line)
            if let count = behaviour.linesBeforeCut, mail?.count == count { context.close(promise: nil) }
            return
        }
        let received = MailReceiver.Received(
            sender: sender ?? "", recipient: recipient ?? "", lines: mail ?? [], isEncrypted: isEncrypted, user: user)
        mail = nil
        if behaviour.replyToMail?.hasPrefix("2") ?? true { receiver.state.withLock { $0.mails.append(received) } }
        if let text = behaviour.replyToMail { reply(text, context) } else { context.close(promise: nil) }
    }

    private func command(_ line: String, _ context: ChannelHandlerContext) {
        receiver.state.withLock { $0.commands.append(line) }
        let behaviour = behaviour
        if let login = loginUser { return continueLogin(login, line, context) }
        if let own = behaviour.replies.first(where: { line.uppercased().hasPrefix($0.key) }) {
            return reply(own.value, context)
        }
        let words = line.split(separator: " ")
        switch words.first?.uppercased() {
        case "EHLO":
            let lines = ["relay.test"] + behaviour.extensions
            let replies = lines.enumerated().map { "250\($0.offset == lines.count - 1 ? " " : "-")\($0.element)" }
            reply(replies.joined(separator: "\r\n"), context)
        case "STARTTLS" where tls != nil: startTLS(context)
        case "AUTH" where words.count == 3: authenticate(Data(base64Encoded: String(words[2])) ?? Data(), context)
        case "AUTH":
            loginUser = .some(nil)
            reply("334 VXNlcm5hbWU6", context)
        case "MAIL":
            guard behaviour.passwords.isEmpty || user != nil else { return reply("530 authenticate first", context) }
            sender = line
            reply("250 ok", context)
        case "RCPT":
            recipient = line
            reply("250 ok", context)
        case "DATA":
            mail = []
            reply("354 go on", context)
        case "QUIT":
            reply("221 bye", context)
            context.close(promise: nil)
        case "HELO", "NOOP", "RSET": reply("250 ok", context)
        default: reply("502 unknown", context)
        }
    }

    /// `\0user\0password`
    private func authenticate(_ data: Data, _ context: ChannelHandlerContext) {
        let parts = data.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        judge(user: parts.first ?? "", password: parts.last ?? "", context)
    }

    private func continueLogin(_ known: String?, _ line: String, _ context: ChannelHandlerContext) {
        let text = String(decoding: Data(base64Encoded: line) ?? Data(), as: UTF8.self)
        guard let known else {
            loginUser = .some(text)
            return reply("334 UGFzc3dvcmQ6", context)
        }
        loginUser = nil
        judge(user: known, password: text, context)
    }

    private func judge(user: String, password: String, _ context: ChannelHandlerContext) {
        guard behaviour.passwords[user] == password else { return reply("535 5.7.8 wrong", context) }
        self.user = user
        reply("235 welcome", context)
    }

    private func startTLS(_ context: ChannelHandlerContext) {
        guard let tls else { return }
        reply("220 go ahead\r\n" + behaviour.injectedBehindStartTLS, context, isWhole: true)
        isEncrypted = true
        do { try context.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls), position: .first) } catch
        {
            context.close(promise: nil)
        }
    }

    private func reply(_ text: String, _ context: ChannelHandlerContext, isWhole: Bool = false) {
        guard !text.isEmpty else { return }
        let bytes = ByteBuffer(string: isWhole ? text : text + "\r\n")
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }
}

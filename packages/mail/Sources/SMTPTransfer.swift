// One mail to a mail server by libcurl [RFC 5321], and what its answer means for whoever wanted it sent.

import CCurl
import Jobs
import Synchronization

/// Says that a transfer is to end: put up by whoever is cancelled, seen by the thread that sends.
final class StopSign: Sendable {
  private let isPut = Atomic(false)

  func put() { isPut.store(true, ordering: .relaxed) }

  var isUp: Bool { isPut.load(ordering: .relaxed) }
}

/// Hands one mail to a server.
struct SMTPTransfer {
  private let mail: MailMessage
  private let server: MailServer
  private let sign: StopSign

  private static let connectTimeoutMilliseconds = 30_000
  /// So long any answer is waited for; the one to a whole mail may take a while, as the server looks at it first.
  private static let answerTimeoutSeconds = 60
  private static let timeoutMilliseconds = 120_000

  /// curl wants to be told once that the program begins, before there are threads that use it.
  private static let begun = curl_global_init(Int(CURL_GLOBAL_DEFAULT))

  init(_ mail: MailMessage, to server: MailServer, until sign: StopSign) {
    self.mail = mail
    self.server = server
    self.sign = sign
  }

  /// Blocks until the server has taken the mail.
  func run() throws -> String {
    guard Self.begun == CURLE_OK, let handle = curl_easy_init() else { throw Self.noCurl }
    defer { curl_easy_cleanup(handle) }
    guard let recipients = curl_slist_append(nil, "<\(mail.to.address)>") else { throw Self.noCurl }
    defer { curl_slist_free_all(recipients) }
    let talk = SMTPTalk(mail.bytes, until: sign)
    try prepare(handle, recipients, talk)
    let start = ContinuousClock.now
    let code = withExtendedLifetime(talk) { curl_easy_perform(handle) }
    guard code != CURLE_OK else {
      return "The mail server took it" + (talk.reply.map { ": \($0.text)" } ?? ".")
    }
    throw failure(code, talk, seconds: Int((ContinuousClock.now - start).components.seconds))
  }

  private func prepare(
    _ handle: UnsafeMutableRawPointer, _ recipients: UnsafeMutablePointer<curl_slist>, _ talk: SMTPTalk
  ) throws {
    var codes = [
      curl_set_text(handle, CURLOPT_URL, server.url),
      curl_set_text(handle, CURLOPT_PROTOCOLS_STR, server.security == .encrypted ? "smtps" : "smtp"),
      curl_set_number(handle, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2),
      curl_set_number(handle, CURLOPT_USE_SSL, Int(server.upgrade.rawValue)),
      curl_set_text(handle, CURLOPT_MAIL_FROM, "<\(mail.from.address)>"),
      curl_set_list(handle, CURLOPT_MAIL_RCPT, recipients),
      curl_set_number(handle, CURLOPT_UPLOAD, 1),
      curl_set_number(handle, CURLOPT_INFILESIZE, talk.mail.count),
      curl_set_number(handle, CURLOPT_TIMEOUT_MS, Self.timeoutMilliseconds),
      curl_set_number(handle, CURLOPT_CONNECTTIMEOUT_MS, Self.connectTimeoutMilliseconds),
      curl_set_number(handle, CURLOPT_SERVER_RESPONSE_TIMEOUT, Self.answerTimeoutSeconds),
      // A time-out by signal would hit whichever thread is running.
      curl_set_number(handle, CURLOPT_NOSIGNAL, 1),
      // The farewell then belongs to the transfer and its limits.
      curl_set_number(handle, CURLOPT_FORBID_REUSE, 1),
      curl_set_text(handle, CURLOPT_PROXY, ""),
    ]
    if let login = server.login {
      codes.append(curl_set_text(handle, CURLOPT_USERNAME, login.user))
      codes.append(curl_set_text(handle, CURLOPT_PASSWORD, login.password))
    }
    let place = Unmanaged.passUnretained(talk).toOpaque()
    codes.append(curl_set_provider(handle, provide, place))
    codes.append(curl_set_head_receiver(handle, hear, place))
    codes.append(curl_set_watcher(handle, watch, place))
    guard codes.allSatisfy({ $0 == CURLE_OK }) else { throw Self.noCurl }
  }

  /// What a transfer that failed is to its job. The server's own words come first: curl's only say that it gave up.
  private func failure(_ code: CURLcode, _ talk: SMTPTalk, seconds: Int) -> any Error {
    if let reply = talk.reply, reply.isRefusal {
      return reply.isForGood ? JobFailure.permanent(reply.text) : JobFailure.passing(reply.text)
    }
    if talk.isWhole {
      return EffectDoubt(
        """
        The connection broke before the mail server had answered to the whole mail: it may have been delivered. Its \
        log knows the mail as \(mail.name). It is not sent again.
        """)
    }
    switch code {
    case CURLE_ABORTED_BY_CALLBACK: return CancellationError()
    case CURLE_OPERATION_TIMEDOUT:
      return JobFailure.passing("The connection to the mail server timed out after \(seconds) s")
    case CURLE_USE_SSL_FAILED:
      return JobFailure.passing("The mail server offers no encryption (STARTTLS). Nothing was sent.")
    default:
      let reason = String(cString: curl_easy_strerror(code))
      return JobFailure.passing("The connection to the mail server failed: \(reason)")
    }
  }

  private static let noCurl = JobFailure.passing("curl could not begin. Nothing was sent.")
}

extension MailServer {
  /// What curl does about encryption once it is connected.
  fileprivate var upgrade: curl_usessl {
    switch security {
    case .encrypted, .upgraded: CURLUSESSL_ALL
    case .loopback: CURLUSESSL_NONE
    }
  }
}

/// Both sides of a talk with a server, on the one thread that runs it.
private final class SMTPTalk {
  let mail: [UInt8]
  /// How much of the mail curl has.
  var given = 0
  /// What the server said last; its farewell says nothing.
  private(set) var reply: SMTPReply?
  private var lines: [String] = []
  private let sign: StopSign

  /// So many lines of one answer are kept.
  private static let linesLimit = 20

  init(_ mail: [UInt8], until sign: StopSign) {
    self.mail = mail
    self.sign = sign
  }

  /// Whether the server may have all of it.
  var isWhole: Bool { given == mail.count }

  /// A mail that the server may have is not broken off: its answer is worth more.
  var isToStop: Bool { sign.isUp && !isWhole }

  func hear(_ line: String) {
    if lines.count < Self.linesLimit { lines.append(line) } else { lines[Self.linesLimit - 1] = line }
    guard SMTPReply.ends(line) else { return }
    if let whole = SMTPReply(lines), whole.code != 221 { reply = whole }
    lines = []
  }
}

private func talk(_ place: UnsafeMutableRawPointer) -> SMTPTalk {
  Unmanaged<SMTPTalk>.fromOpaque(place).takeUnretainedValue()
}

/// Gives curl the next piece of the mail.
private func provide(
  _ room: UnsafeMutablePointer<CChar>?, _ one: Int, _ count: Int, _ place: UnsafeMutableRawPointer?
) -> Int {
  guard let room, let place else { return 0 }
  let talk = talk(place)
  let piece = talk.mail[talk.given..<min(talk.given + one * count, talk.mail.count)]
  UnsafeMutableRawBufferPointer(start: room, count: one * count).copyBytes(from: piece)
  talk.given += piece.count
  return piece.count
}

/// Hears one line of the server's.
private func hear(
  _ bytes: UnsafeMutablePointer<CChar>?, _ one: Int, _ count: Int, _ place: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes, let place else { return 0 }
  talk(place).hear(String(decoding: UnsafeRawBufferPointer(start: bytes, count: one * count), as: UTF8.self))
  return one * count
}

/// Asked by curl about once a second: anything but zero makes it give up.
private func watch(
  _ place: UnsafeMutableRawPointer?, _: curl_off_t, _: curl_off_t, _: curl_off_t, _: curl_off_t
) -> Int32 {
  guard let place else { return 0 }
  return talk(place).isToStop ? 1 : 0
}

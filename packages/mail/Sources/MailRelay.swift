// Who takes the console's mails: a mail server, or a folder where somebody looks at them.

import FoundationEssentials
import Jobs
import NIOPosix

/// Takes a mail and sees to it from then on.
package struct MailRelay: Sendable {
  /// Takes the mail, and says in a sentence what became of it.
  /// - Throws: `JobFailure` where it was not taken, `EffectDoubt` where nobody can know.
  let take: @Sendable (MailMessage) async throws -> String

  package init(_ take: @escaping @Sendable (MailMessage) async throws -> String) {
    self.take = take
  }

  /// The relay at an address: `smtp://host:port`, `smtps://host:port` or `file:///folder`.
  /// - Returns: `nil` for any other address.
  package init?(at address: String, login: MailLogin? = nil) {
    if let server = MailServer(address, login: login) {
      self = .server(server)
    } else if let url = URL(string: address), url.scheme == "file", url.host()?.isEmpty ?? true, url.query() == nil,
      url.fragment() == nil, url.path().hasPrefix("/"), url.path() != "/"
    {
      self = .folder(url.path(percentEncoded: false))
    } else {
      return nil
    }
  }

  /// A mail server. Its calls block, so they run on NIO's pool of threads for such work, never on the cooperative one.
  static func server(_ server: MailServer) -> MailRelay {
    MailRelay { mail in
      let sign = StopSign()
      return try await withTaskCancellationHandler {
        try await NIOThreadPool.singleton.runIfActive { try SMTPTransfer(mail, to: server, until: sign).run() }
      } onCancel: {
        sign.put()
      }
    }
  }

  /// A folder, for demos and tests: each mail is a file there, which appears whole. The same mail is the same file.
  static func folder(_ path: String) -> MailRelay {
    MailRelay { mail in
      let file = mail.name + ".eml"
      do {
        try await NIOThreadPool.singleton.runIfActive {
          try Data(mail.bytes).write(to: URL(filePath: path).appending(path: file), options: .atomic)
        }
      } catch is CocoaError {
        throw JobFailure.passing("The folder of OPS_MAIL_RELAY takes no file. Nothing was sent.")
      }
      return "Written to the folder of OPS_MAIL_RELAY as \(file)."
    }
  }
}

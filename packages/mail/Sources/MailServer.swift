// A mail server that takes our mails, and how safe the way there is.

import FoundationEssentials
import Glibc

/// A server that mails are handed to [RFC 5321; RFC 6409].
struct MailServer: Sendable, Hashable {
  /// What keeps others from reading along.
  enum Security: Sendable, Hashable {
    /// The connection begins with TLS [RFC 8314].
    case encrypted
    /// It has to become TLS before anything is said [RFC 3207].
    case upgraded
    /// It never leaves this machine.
    case loopback
  }

  /// `smtp://mail.example.com:587`, as libcurl takes it.
  let url: String
  let security: Security
  let login: MailLogin?

  /// - Returns: `nil` for what is no `smtp://host:port` or `smtps://host:port`. Who we are there is not said in it.
  init?(_ text: String, login: MailLogin?) {
    guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let parts = URLComponents(string: text),
      let scheme = parts.scheme, let name = parts.host, parts.user == nil, parts.password == nil,
      parts.path.isEmpty || parts.path == "/", parts.query == nil, parts.fragment == nil
    else { return nil }
    let host = name.filter { $0 != "[" && $0 != "]" }
    guard !host.isEmpty, let usual = Self.usualPorts[scheme], (1...65_535).contains(parts.port ?? usual) else {
      return nil
    }
    url = "\(scheme)://\(host.contains(":") ? "[\(host)]" : host):\(parts.port ?? usual)"
    security = scheme == "smtps" ? .encrypted : Self.isLoopback(host) ? .loopback : .upgraded
    self.login = login
  }

  /// Where mails are submitted [RFC 6409, 3.1; RFC 8314, 7.3].
  private static let usualPorts = ["smtp": 587, "smtps": 465]

  private static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" { return true }
    var four = in_addr()
    if inet_pton(AF_INET, host, &four) == 1 { return UInt32(bigEndian: four.s_addr) >> 24 == 127 }
    var six = in6_addr()
    return inet_pton(AF_INET6, host, &six) == 1
      && withUnsafeBytes(of: six) { bytes in
        bytes.last == 1 && bytes.dropLast().allSatisfy { $0 == 0 }
      }
  }
}

/// Who we are at a mail server.
package struct MailLogin: Sendable, Hashable {
  let user: String
  let password: String

  package init(user: String, password: String) {
    self.user = user
    self.password = password
  }
}

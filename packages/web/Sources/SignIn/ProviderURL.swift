// An address of the identity provider: https, so that nobody on the way reads or answers; http only where there is no
// way.

import FoundationEssentials

/// An absolute address with https, or with http on loopback; without a user or a fragment.
struct ProviderURL: Sendable, Hashable {
  /// As it was written: issuers are compared letter by letter.
  let text: String
  let isEncrypted: Bool
  /// `https://login.example.com`, with the port where it is not the scheme's own.
  let origin: String
  let hasQuery: Bool

  init?(_ text: String) {
    let allowed = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }
    guard allowed, text.utf8.count <= 2048, let parts = URLComponents(string: text), let host = parts.host,
      !host.isEmpty,
      parts.user == nil, parts.password == nil, parts.fragment == nil
    else { return nil }
    let isEncrypted = parts.scheme == "https"
    guard isEncrypted || (parts.scheme == "http" && Self.isLoopback(host)) else { return nil }
    self.isEncrypted = isEncrypted
    self.text = text
    hasQuery = parts.query != nil
    let port = parts.port.flatMap { $0 == (isEncrypted ? 443 : 80) ? nil : ":\($0)" } ?? ""
    origin = (isEncrypted ? "https://" : "http://") + host + port
  }

  private static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" { return true }
    guard let address = IPAddress(host.filter { $0 != "[" && $0 != "]" }) else { return false }
    return switch address.family {
    case .v4: address.bits >> 24 == 127
    case .v6: address.bits == 1
    }
  }

  /// The same address with more parameters.
  func adding(_ parameters: [(name: String, value: String)]) -> String {
    text + (hasQuery ? "&" : "?") + FormEncoding.text(parameters)
  }
}

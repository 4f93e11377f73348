// The keys that sign ticket links, one for each system that writes them.

import Crypto
import FoundationEssentials

/// The keys of `OPS_TICKET_KEYS`, as `z1:secret,z2:secret`; the name of a key stands in the link.
public struct TicketKeys: Sendable {
  private let secrets: [String: SymmetricKey]

  /// Reads the setting. A secret has 32 bytes or more, and no comma. Without any, every link is unverified.
  public init(parsing setting: String) throws(TicketKeysError) {
    var secrets: [String: SymmetricKey] = [:]
    for part in setting.split(separator: ",") {
      let pair = part.split(separator: ":", maxSplits: 1).map(String.init)
      guard pair.count == 2, pair[0].utf8.allSatisfy(Self.isOfName) else { throw .form }
      guard pair[1].utf8.count >= 32 else { throw .short(pair[0]) }
      let known = secrets.updateValue(SymmetricKey(data: Data(pair[1].utf8)), forKey: pair[0])
      guard known == nil else { throw .doubled(pair[0]) }
    }
    self.secrets = secrets
  }

  func signature(of message: String, by name: String) -> String? {
    guard let key = secrets[name] else { return nil }
    return Base64URL.encode(Array(HMAC<SHA256>.authenticationCode(for: Data(message.utf8), using: key)))
  }

  func isValid(_ signature: String, of message: String, by name: String) -> Bool {
    guard let key = secrets[name], let code = Base64URL.decode(signature) else { return false }
    return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Data(message.utf8), using: key)
  }

  func contains(_ name: String) -> Bool {
    secrets[name] != nil
  }

  private static func isOfName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}

/// What is wrong with `OPS_TICKET_KEYS`. Says the name of a key, never a secret.
public enum TicketKeysError: Error, Hashable, CustomStringConvertible {
  case form
  case short(String)
  case doubled(String)

  /// A sentence for whoever starts the program.
  public var description: String {
    switch self {
    case .form: "OPS_TICKET_KEYS is a list of name:secret, separated by commas."
    case .short(let name): "The key \(name) of OPS_TICKET_KEYS has fewer than 32 bytes."
    case .doubled(let name): "The key \(name) stands in OPS_TICKET_KEYS twice."
    }
  }
}

// What a client's source calls its columns, as other clients' imports may know it: by a digest alone.

import Crypto
import FoundationEssentials

/// Names headers so that those of several clients can be compared and none can be read: HMAC-SHA-256 [RFC 2104] under a
/// key that no database has.
public struct HeaderKey: Sendable {
  private let key: SymmetricKey

  init(_ key: SymmetricKey) {
    self.key = key
  }

  /// The digest of a header of one kind of record.
  /// - Parameter header: in the form in which it is remembered.
  public func digest(of header: String, as kind: String) -> [UInt8] {
    // A kind is a word of ours, without a line break.
    Array(HMAC<SHA256>.authenticationCode(for: Data("\(kind)\n\(header)".utf8), using: key))
  }
}

extension Vault {
  /// The key of headers, the program's own by its purpose.
  public var headerKey: HeaderKey {
    HeaderKey(
      HKDF<SHA256>.deriveKey(inputKeyMaterial: key, info: Data("ethico mapping votes".utf8), outputByteCount: 32))
  }
}

// What lies in the database and must not be read there: clients' files, sealed under a key that the database never has.

import Crypto
public import FoundationEssentials

/// Seals clients' files at rest: AES-256-GCM [NIST SP 800-38D] under a key of each file's own, derived by HKDF
/// [RFC 5869] from the program's key and the file's salt.
public struct Vault: Sendable {
  let key: SymmetricKey

  /// - Parameter key: at least 32 bytes.
  public init(key: [UInt8]) {
    precondition(key.count >= 32, "A key has at least 32 bytes.")
    self.key = SymmetricKey(data: key)
  }

  /// The key of one file.
  public func fileKey(salt: [UInt8]) -> FileKey {
    FileKey(
      key: HKDF<SHA256>.deriveKey(
        inputKeyMaterial: key, salt: salt, info: Data("ethico client file".utf8), outputByteCount: 32))
  }
}

/// Seals and opens the pieces of one file.
public struct FileKey: Sendable {
  let key: SymmetricKey

  /// A piece as it is stored: nonce, bytes and tag, bound to its number, so that no two pieces can change places.
  public func seal(_ piece: some ContiguousBytes & DataProtocol, number: Int) throws -> [UInt8] {
    let box = try AES.GCM.seal(piece, using: key, authenticating: Self.binding(number))
    return Array(box.nonce) + Array(box.ciphertext) + Array(box.tag)
  }

  /// - Throws: `CryptoKitError` for what this key did not seal as that piece.
  public func open(_ sealed: [UInt8], number: Int) throws -> Data {
    try AES.GCM.open(try AES.GCM.SealedBox(combined: sealed), using: key, authenticating: Self.binding(number))
  }

  private static func binding(_ number: Int) -> Data {
    Data("piece \(number)".utf8)
  }
}

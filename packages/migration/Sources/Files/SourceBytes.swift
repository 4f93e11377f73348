// A stored file to read from: its pieces opened one after the other into a file without a name.

import Access
import EthicoTypes
import FoundationEssentials
import Jobs
import SourceFiles

extension JobRun {
  /// The bytes of a stored file. What is opened lies in a file without a name, gone with its last reader.
  /// - Throws: `JobFailure.permanent` where the program has no key, or another one than the file was sealed with.
  func bytes(of file: SourceFileRecord) async throws -> any ByteSource {
    guard let vault = ledger.vault else {
      throw JobFailure.permanent("OPS_FILE_KEY is not set: no file can be opened.")
    }
    let blob = file.blob
    guard let salt = try await inside({ tx in try await StoredBytes.salt(of: blob, in: tx) }) else {
      throw JobFailure.permanent("The bytes of the file are gone.")
    }
    let key = vault.fileKey(salt: salt)
    let scratch = try ScratchFile()
    var number = 0
    // Ends behind the last piece.
    while let sealed = try await piece(number, of: blob) {
      let opened: Data
      do {
        opened = try key.open(sealed, number: number)
      } catch {
        throw JobFailure.permanent("The file was sealed with another OPS_FILE_KEY.")
      }
      try opened.withUnsafeBytes { try scratch.append($0) }
      number += 1
    }
    return try scratch.bytes()
  }

  private func piece(_ number: Int, of blob: ID<StoredBytes>) async throws -> [UInt8]? {
    try await inside { tx in try await StoredBytes.piece(number, of: blob, in: tx) }
  }
}

// The numbered SQL files of a folder.

import Crypto
import EthicoTypes
import FoundationEssentials

/// One numbered file of SQL, as it lies in the folder.
struct MigrationFile: Sendable {
  let number: Int
  let name: String
  let text: String
  /// SHA-256 of the bytes, in hexadecimal.
  let checksum: String

  /// The files of a folder in order, their numbers without gap or repetition.
  static func all(in folder: String) throws -> [MigrationFile] {
    let files = try names(in: folder).filter { $0.hasSuffix(".sql") }
      .map { try MigrationFile(name: $0, folder: folder) }
      .sorted { $0.number < $1.number }
    for (file, next) in zip(files, files.dropFirst()) {
      guard next.number != file.number else { throw MigrationError.repeated(file.number) }
      guard next.number == file.number + 1 else { throw MigrationError.gap(file.number + 1) }
    }
    return files
  }

  private static func names(in folder: String) throws(MigrationError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw .unreadable(path: folder)
    }
  }

  private init(name: String, folder: String) throws(MigrationError) {
    guard let number = Self.number(of: name) else { throw .misnamed(name) }
    let path = "\(folder)/\(name)"
    guard let contents = FileManager.default.contents(atPath: path), let text = String(bytes: contents, encoding: .utf8)
    else { throw .unreadable(path: path) }
    self.number = number
    self.name = name
    self.text = text
    checksum = SHA256.hash(data: contents).hexadecimal
  }

  private static func number(of name: String) -> Int? {
    let digits = name.prefix { $0 != "_" }
    guard digits.utf8.count == 4, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    let rest = name.dropFirst(5).dropLast(4)
    let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789_")
    guard !rest.isEmpty, rest.allSatisfy(allowed.contains) else { return nil }
    return Int(digits)
  }

  /// The line in which a character stands, both counted from 1.
  func line(of position: Int) -> Int {
    text.unicodeScalars.prefix(max(0, position - 1)).reduce(1) { $1 == "\n" ? $0 + 1 : $0 }
  }
}

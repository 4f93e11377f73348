// What somebody who never looked for a client may try first: words that this directory answers.

import EthicoTypes
import FoundationEssentials
import Postgres

/// Searches that find something.
public struct DirectoryExamples: Sendable, Hashable {
  /// The first word of a client's name.
  public let beginning: String
  /// A client's domain, another one's where there are several.
  public let domain: String?
  /// A client's name with a letter left out.
  public let mistyped: String?

  /// How many clients they are taken from.
  static let clientsLimit = 3
  /// Of a shorter name too little would be left to be near it.
  static let mistypedLetters = 9

  /// - Returns: `nil` for a directory without clients.
  init?(_ clients: [Named]) {
    guard let first = clients.first?.words.first else { return nil }
    beginning = first.lowercased()
    domain = (clients.dropFirst() + clients.prefix(1)).lazy.compactMap(\.domains.first).first
    mistyped = clients.lazy.compactMap(\.mistyped).first
  }

  /// A client as far as examples are taken from it.
  struct Named: RowDecodable {
    let name: String
    let domains: [String]

    var words: [Substring] { name.split(whereSeparator: \.isWhitespace) }

    /// Without the third letter of the longest word.
    var mistyped: String? {
      guard let longest = words.max(by: { $0.count < $1.count }), longest.prefix(3).allSatisfy(\.isLetter) else {
        return nil
      }
      guard name.count(where: \.isLetter) >= DirectoryExamples.mistypedLetters else { return nil }
      let short = longest.prefix(2) + longest.dropFirst(3)
      return words.map { $0 == longest ? short : $0 }.joined(separator: " ").lowercased()
    }
  }
}

extension DirectoryExamples.Named {
  init(row: Row) throws {
    self.init(name: try row["name"], domains: try row["domains"])
  }
}

extension Ledger {
  /// Examples from the first clients by name; `nil` while there are none.
  public func directoryExamples() async throws -> DirectoryExamples? {
    let clients = try await database.query(
      .fleet,
      """
      SELECT t.name, t.domains
      FROM tenant_directory t
      ORDER BY t.name_folded COLLATE "C", t.tenant_id
      LIMIT \(DirectoryExamples.clientsLimit)
      """, as: DirectoryExamples.Named.self)
    return DirectoryExamples(clients)
  }
}

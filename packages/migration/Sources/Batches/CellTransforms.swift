// What a person says about the cells of one column that the cells do not say themselves: where their times are, which
// words mean yes and which no, what stands between two values, and that their text was decoded twice.

import FoundationEssentials
import SourceFiles

/// The words of a column that mean yes, and those that mean no, in whatever case.
package struct TruthWords: Sendable, Hashable, Codable {
  package let yes: [String]
  package let no: [String]

  package init(yes: [String], no: [String]) {
    self.yes = yes
    self.no = no
  }

  /// Those that sources usually have.
  package static let usual = TruthWords(
    yes: [
      "yes", "y", "true", "t", "1", "x", "on", "active", "ja", "wahr", "oui", "vrai", "sí", "si", "verdadero", "sim",
      "verdadeiro", "vero", "tak", "aktiv", "actif", "activo", "ativo", "attivo",
    ],
    no: [
      "no", "n", "false", "f", "0", "off", "inactive", "nein", "falsch", "non", "faux", "falso", "não", "nao", "nie",
      "inaktiv", "inactif", "inactivo", "inativo", "inattivo", "terminated",
    ])

  /// The most words of one meaning, and the longest of them, in characters.
  package static let limit = 100
  package static let wordLimit = 100

  /// Whether one of them means that value.
  package func say(_ value: String) -> Bool { TruthReading(self).read(value) != nil }
}

/// Yes and no as the cells of one column say them.
struct TruthReading: Sendable {
  private let yes: Set<String>
  private let no: Set<String>

  init(_ words: TruthWords) {
    yes = Set(words.yes.map { $0.lowercased() })
    no = Set(words.no.map { $0.lowercased() })
  }

  static let usual = TruthReading(.usual)

  func read(_ text: String) -> Bool? {
    let word = text.lowercased()
    if yes.contains(word) { return true }
    return no.contains(word) ? false : nil
  }
}

/// What is done to the text of a column's cells before it is read.
package enum TextRepair: String, Sendable, Hashable, Codable {
  /// UTF-8 that somebody read as windows-1252 is decoded again, in cells that are that and nothing else.
  case decodedTwice = "decoded_twice"

  /// The text as it was meant.
  package func mended(_ text: String) -> String {
    switch self {
    case .decodedTwice: Mojibake.repaired(text) ?? text
    }
  }
}

/// The values of one cell.
package enum ListCell {
  /// - Parameter separator: what stands between two of them; each cell tells where it is `nil`, by line ends,
  ///   semicolons or bars, and by commas where none of these stands.
  package static func values(_ cell: String, by separator: String?) -> [String] {
    let parts: [String] =
      switch separator {
      case nil: told(cell)
      case "\n": cell.split(whereSeparator: \.isNewline).map(String.init)
      case let text?: cell.components(separatedBy: text)
      }
    return parts.map(\.trimmed).filter { !$0.isEmpty }
  }

  private static func told(_ cell: String) -> [String] {
    if cell.contains(where: \.isNewline) { return cell.split(whereSeparator: \.isNewline).map(String.init) }
    let mark = ([";", "|"] as [Character]).first { cell.contains($0) } ?? ","
    return cell.split(separator: mark).map(String.init)
  }
}

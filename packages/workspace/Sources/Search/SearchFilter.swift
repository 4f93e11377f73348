// What somebody searches for: the words, the kinds, and where the page begins.

import Access
import EthicoTypes
import FoundationEssentials

/// Words as they were typed, and what they mean to the index.
struct SearchWords: Sendable, Hashable {
  let text: String
  /// The same for the index: a word is excluded by one hyphen. To the database each hyphen of a run is a "not" around
  /// the next, and enough of them are more than it reads.
  let meant: String
  /// The last word where it may be the beginning of a longer one, else nothing.
  let prefix: String
  /// What stands before it.
  let rest: String

  static let limit = 200
  static let shortestPrefix = 3

  init(_ typed: String) {
    text = typed.trimmed
    meant = text.replacing(#/-(?:[-\s!&|()]*-)+/#, with: "-")
    let last = Self.beginning(of: text)
    prefix = last
    rest = last.isEmpty ? "" : String(meant.dropLast(last.count))
  }

  /// The last word, if it is one of its own: not excluded, not within quotes, not the second side of an "or".
  private static func beginning(of text: String) -> String {
    let last = String(text.reversed().prefix { $0.isLetter || $0.isNumber }.reversed())
    let before = text.dropLast(last.count)
    let isOpen = before.isEmpty || before.last?.isWhitespace ?? false
    let isQuoted = !before.count(where: { $0 == "\"" }).isMultiple(of: 2)
    let isAlternative = before.split(whereSeparator: \.isWhitespace).last?.lowercased() == "or"
    guard last.count >= shortestPrefix, isOpen, !isQuoted, !isAlternative else { return "" }
    return last
  }

  /// Whether a word may be excluded: then each record is asked in its own language as well.
  var mayExclude: Bool { text.contains("-") }

  /// The reference that these words are, if they are one: `RPT-2026-00412`.
  var reference: RecordReference? { RecordReference(text) }

  /// The end of a reference that these words may be: `00412`.
  var ending: ReferenceEnding? { ReferenceEnding(text) }
}

/// What somebody wants to find.
struct SearchFilter: Sendable, Hashable {
  var words: SearchWords
  var kinds: [SearchKind] = []
  var after: Cursor?
  var limit = SearchFilter.pageSize

  static let pageSize = 20

  /// Where the next page begins: behind the last record shown.
  struct Cursor: Sendable, Hashable {
    let rank: Double
    let id: ID<SearchHit>
    let entity: SearchEntity
  }

  /// What binds a cursor to the search it came from.
  var fingerprint: String {
    [words.text, kinds.map(\.rawValue).joined(separator: ",")].joined(separator: "|")
  }
}

/// A record that was found.
struct SearchHit: Sendable, Hashable {
  let entity: SearchEntity
  let id: ID<SearchHit>
  let rank: Double
  let language: String
  let title: MarkedText
  let snippet: MarkedText
  /// The case that a note, a message or a file belongs to.
  let ofCase: Parent<Case>?
  /// The disclosure that a file belongs to.
  let ofDisclosure: Parent<Disclosure>?
  /// The policy that a file belongs to, by its number or, without one, its title.
  let ofPolicy: Parent<Policy>?

  /// What a record hangs on.
  struct Parent<Subject>: Sendable, Hashable {
    let id: ID<Subject>
    let reference: String
  }
}

/// A page of what was found, the best first and of equals the newest.
struct SearchPage: Sendable {
  let hits: [SearchHit]
  /// Exact up to `countLimit`, then one more.
  let count: Int
  let next: SearchFilter.Cursor?
  /// The records that the words may be the number of, the newest year first; on the first page of every kind alone.
  let named: [NamedRecord]

  /// So many records are offered by their number.
  static let namedLimit = 5
  /// So many matches are ranked.
  static let countLimit = 5_000
}

/// A client's text with what was found in it. The database puts private characters around what it found; they are taken
/// out here, and every piece is escaped as any text.
struct MarkedText: Sendable, Hashable {
  struct Piece: Sendable, Hashable {
    let text: String
    let isFound: Bool
  }

  let pieces: [Piece]

  init(_ marked: String) {
    var pieces: [Piece] = []
    var isFound = false
    for part in marked.split(omittingEmptySubsequences: false, whereSeparator: { "\u{E000}\u{E001}".contains($0) }) {
      if !part.isEmpty { pieces.append(Piece(text: String(part), isFound: isFound)) }
      isFound.toggle()
    }
    self.pieces = pieces
  }

  var plain: String { pieces.map(\.text).joined() }
}

/// A record whose number the words may be.
struct NamedRecord: Sendable, Hashable {
  /// By which it is opened: `RPT-2026-00412`.
  let reference: String
  /// `nil` of a report without a case.
  let title: String?
}

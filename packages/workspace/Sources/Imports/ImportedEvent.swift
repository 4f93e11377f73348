// The trail of a former system, as it came with a migration: shown apart from a record's own history, which proves
// itself where this cannot.

import Access
import EthicoTypes
import FoundationEssentials
import Web

/// Something that a former system wrote down about a record.
struct ImportedEvent: Sendable {
  let id: ID<ImportedEvent>
  let occurredAt: Date
  /// Who did it, as that system calls them.
  let actor: String?
  /// What was done, in one of our words.
  let action: String
  /// The same in that system's own words.
  let actionLabel: String?
  let field: String?
  let oldValue: String?
  let newValue: String?
  let comment: String?
  /// What has no place of its own here, by name, in order.
  let extra: [(name: String, value: String)]
  /// The system, as a migration knows it.
  let system: String
  let importedAt: Date

  /// `navex_ethicspoint` as people say it.
  var systemName: String { ImportedFrom.name(of: system) }
}

/// A page of what a former system wrote down about one record, the newest first.
struct ImportedHistory: Sendable {
  /// One more than are shown, where there are more.
  private let found: [ImportedEvent]
  private let length: Int

  /// On a record's own page stand so many.
  static let fewLength = 10
  static let pageLength = 50

  init(_ found: [ImportedEvent], length: Int = fewLength) {
    self.found = found
    self.length = length
  }

  var events: [ImportedEvent] { Array(found.prefix(length)) }
  var hasMore: Bool { found.count > length }

  /// The systems that it came from, as people say them.
  var systemNames: [String] {
    var names: [String] = []
    for event in events where !names.contains(event.systemName) { names.append(event.systemName) }
    return names
  }

  /// Where the page behind this one begins.
  var next: String? {
    guard hasMore, let last = events.last else { return nil }
    return Position(at: last.occurredAt, id: last.id).text
  }

  /// Behind which event a page begins.
  struct Position: Sendable {
    let at: Date
    let id: ID<ImportedEvent>

    var text: String { CursorDate.text(at) + "." + id.description }

    init(at: Date, id: ID<ImportedEvent>) {
      self.at = at
      self.id = id
    }

    /// Reads it from an address.
    /// - Throws: `Problem.badCursor` for what is none.
    init(_ text: String) throws {
      let parts = text.split(separator: ".", maxSplits: 1).map(String.init)
      guard parts.count == 2, let id = ID<ImportedEvent>(parts[1]) else { throw Problem.badCursor }
      self.init(at: try CursorDate.read(parts[0]), id: id)
    }
  }
}

/// Such an event as a page gives it to programs.
struct ImportedEventBody: Encodable, Sendable {
  let occurred: Date
  let actor: String?
  let action: String
  let label: String?
  let field: String?
  let before: String?
  let after: String?
  let comment: String?
  let extra: [String: String]
  let system: String
  let imported: Date

  init(_ event: ImportedEvent) {
    occurred = event.occurredAt
    actor = event.actor
    action = event.action
    label = event.actionLabel
    field = event.field
    before = event.oldValue
    after = event.newValue
    comment = event.comment
    extra = Dictionary(event.extra.map { ($0.name, $0.value) }) { first, _ in first }
    system = event.system
    imported = event.importedAt
  }
}

// Records chosen in a list for an act on many: which they are, as they were seen, and what kept one from getting it.

import EthicoTypes
import HTTPTypes
import Web

/// A record as somebody saw it, chosen for an act on many.
struct Chosen<Record>: Sendable, Hashable {
  let id: ID<Record>
  let version: Int

  /// The most records that one act may name.
  static var limit: Int { 200 }

  init(_ id: ID<Record>, version: Int) {
    self.id = id
    self.version = version
  }

  /// Reads `id:version`; `nil` for anything else.
  init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let id = ID<Record>(String(parts[0])), let version = Int(parts[1]) else { return nil }
    self.init(id, version: version)
  }

  /// What a checkbox sends.
  var text: String { "\(id):\(version)" }

  /// Those that a form names.
  /// - Throws: `Invalid` where they are none or too many, or where one is named twice or not as a record is.
  static func all(of fields: FormFields) throws -> [Chosen] {
    let items = fields.all("items[]")
    let chosen = items.compactMap(Chosen.init)
    guard !items.isEmpty else { throw Invalid("items", "Select at least one row first.") }
    guard chosen.count == items.count, Set(chosen.map(\.id)).count == chosen.count else {
      throw Invalid("items", "A row is named by its id and version, once.")
    }
    guard chosen.count <= limit else { throw Invalid("items", "At most \(limit) rows at once.") }
    return chosen
  }

  /// The ids that a form names, for the boxes that are shown again.
  static func ids(of fields: FormFields) -> Set<ID<Record>> {
    Set(fields.all("items[]").compactMap(Chosen.init).map(\.id))
  }
}

extension HTTPResponse.Status {
  /// Some of many got it, some did not [RFC 4918, 11.1].
  static let mixed = HTTPResponse.Status(code: 207, reasonPhrase: "Multi-Status")
}

extension Setback {
  /// The no of a rule to one record of many; `nil` where it says yes. What is no rule's no is thrown on.
  static func of(_ rule: () throws -> Void) throws -> Setback? {
    do {
      try rule()
      return nil
    } catch let refusal as any Refusal {
      return refusal.setback
    }
  }

  /// Its gist in one sentence, for a line of results.
  var sentence: String { errors.first?.message ?? title }
}

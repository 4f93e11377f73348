// The rules by which a batch treats the fields of records that are here already.

package import EthicoTypes
import FoundationEssentials
import Postgres

/// How the fields of a re-import are treated; what is not named is taken over unless it was changed here.
package struct FieldPolicies: Sendable, Hashable {
  private var byColumn: [String: FieldPolicy] = [:]

  package init() {}

  /// The rule for a field, which is that for each of its columns.
  package subscript(field: ReimportField) -> FieldPolicy {
    get { byColumn[field.name] ?? .ifUnchangedSinceImport }
    set {
      for column in field.columns { byColumn[column] = newValue == .ifUnchangedSinceImport ? nil : newValue }
    }
  }

  /// The rule for one of a field's columns.
  subscript(column column: String) -> FieldPolicy { byColumn[column] ?? .ifUnchangedSinceImport }

  func columns(_ policy: FieldPolicy) -> [String] {
    byColumn.filter { $0.value == policy }.map(\.key).sorted()
  }
}

extension FieldPolicies: Codable {
  package init(from decoder: any Decoder) throws {
    byColumn = try decoder.singleValueContainer().decode([String: FieldPolicy].self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(byColumn)
  }

  /// Reads what is stored with a batch.
  init(stored: JSONText) throws {
    self = try JSONDecoder().decode(Self.self, from: Data(stored.text.utf8))
  }
}

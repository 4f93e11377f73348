// What the forms of a batch say, checked, and how its refusals are told.

import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Mapping
package import Migration
package import Web

/// What somebody decided about the columns.
struct MappingDraft: Sendable {
  let columns: [ColumnDecision]
  let constants: [String: String]
  let rules: MappingRules

  /// Beside a field's name: the column stays with the record under its own name, or is left out.
  static let keep = "=keep"
  static let ignore = "=ignore"

  /// Reads the mapper's form: `c3.target`, `c3.ok`, `c3.order`, `c3.separator` for the fourth column, `k.severity` for
  /// a value that all records get, `j.location` for how several columns become one, `nothing` for words that say
  /// nothing, `repair` for a column that was decoded twice.
  /// - Parameter moment: the present.
  /// - Throws: `Invalid` for a field that does not exist, and for a value that no record could have.
  init(
    _ fields: FormFields, _ mapping: BatchMapping, _ profiles: [ColumnProfile], of batch: Batch, at moment: Date
  ) throws {
    let entity = batch.entity
    var errors: [FieldError] = []
    var columns = mapping.columns.map { column in
      let name = Self.field(column, "target")
      guard let chosen = fields[name] else { return column }
      var decided = column
      let isSettled = fields[Self.field(column, "ok")] == "true"
      switch chosen {
      // What looks like who a reporter is stays what it is, unless it becomes a field that the guard watches.
      case "" where column.act == .quarantined, Self.keep where column.act == .quarantined,
        Self.ignore where column.act == .quarantined:
        break
      case "": (decided.target, decided.act) = (nil, .review)
      case Self.keep: (decided.target, decided.act) = (nil, .keep)
      case Self.ignore: (decided.target, decided.act) = (nil, .ignore)
      default:
        if TargetSchema.field(named: chosen, of: entity) == nil {
          errors.append(FieldError(name, "“\(chosen)” is no field of \(entity.pluralLabel.lowercased())."))
        }
        if column.act == .quarantined, !ReporterIdentity.targets(of: entity).contains(chosen) {
          errors.append(
            FieldError(name, "“\(column.name)” may say who reported: choose a field of the reporter’s, or none."))
        }
        decided.target = chosen
        decided.act = isSettled || chosen != column.target ? .matched : .review
        if chosen != column.target, let profile = profiles.first(where: { $0.index == column.index }) {
          decided.reading = CellReading(profile, TargetSchema.field(named: chosen, of: entity))
          decided.reading.repair = column.reading.repair
        }
      }
      if let order = fields.given(Self.field(column, "order")) { decided.reading.order = DateOrder(rawValue: order) }
      if let separator = fields.given(Self.field(column, "separator")) {
        decided.reading.separator = DecimalSeparator(rawValue: separator)
      }
      decided.reading.split = MappingExtras.split(of: column, fields, &errors) ?? decided.reading.split
      if decided.reading.split?.separator.isEmpty ?? false { decided.reading.split = nil }
      MappingTransforms.read(fields, of: column, into: &decided.reading, &errors)
      return decided
    }
    MappingRepairs.apply(fields, to: &columns, broken: batch.shape.brokenColumns, &errors)
    self.columns = columns
    constants = MappingExtras.constants(fields, of: entity, at: moment, &errors)
    rules = MappingExtras.rules(fields, mapping, columns, of: entity, &errors)
    guard errors.isEmpty else { throw Invalid(errors) }
  }

  /// The name of a control of a column.
  static func field(_ column: ColumnDecision, _ part: String) -> String { "c\(column.index).\(part)" }
}

extension BatchRefusal: Refusal {
  package var setback: Setback {
    switch self {
    case .stale(let now):
      .stale(
        now.title,
        advice: "Nothing of yours was saved. It is now \(now.state.label.lowercased()); what you chose is still on the "
          + "page where that has the same columns or values.")
    case .illegalTransition(let now, let next):
      Setback(
        .conflict, "illegal_transition",
        "A batch that is \(now.state.label.lowercased()) cannot become \(next.label.lowercased()).",
        "Nothing was changed. The page shows how it stands now.")
    case .beingRead(let now):
      Setback(
        .conflict, "being_read", "The file of \(now.title) is being read again.",
        "Nothing of yours was saved: its columns may be other ones in a moment. Wait until it has been read.")
    case .undecided(let sentences):
      Setback(
        .conflict, "mapping_open", "The columns are not settled yet.", sentences.prefix(12).joined(separator: " "))
    case .unsettled(let sentences):
      Setback(
        .conflict, "not_ready", "It cannot be imported yet.", sentences.prefix(12).joined(separator: " "))
    case .confirmation(let slug):
      Setback(
        .unprocessableContent, "confirmation", "Type the client’s slug to import cases.", "Nothing was imported.",
        errors: [FieldError("slug", "Type \(slug), exactly.")])
    }
  }
}

// What the mapper's form says beside its columns: values that all records get, words that say nothing, and how several
// columns become one field.

import EthicoTypes
import FoundationEssentials
import Mapping
import Migration
import Web

enum MappingExtras {
  /// The field of a value that all records are to get, and the value, where it has no control of its own yet.
  static let newConstant = "constant"
  static let newConstantValue = "constant_value"
  /// The longest value that all records get, in characters.
  static let constantLimit = 2_000

  /// Values that all records get, each as a record could have it.
  static func constants(
    _ fields: FormFields, of entity: ImportEntity, at moment: Date, _ errors: inout [FieldError]
  ) -> [String: String] {
    var constants: [String: String] = [:]
    var given = fields.pairs.filter { $0.name.hasPrefix("k.") }.map { pair in
      (field: pair.name, target: String(pair.name.dropFirst(2)), value: pair.value)
    }
    if let target = fields.given(newConstant) {
      let value = fields[newConstantValue] ?? ""
      if value.isEmpty { errors.append(FieldError(newConstantValue, "Say which value all records get.")) }
      given.append((newConstantValue, target, value))
    } else if fields.given(newConstantValue) != nil {
      errors.append(FieldError(newConstant, "Choose the field that all records get this value for."))
    }
    for (field, target, value) in given {
      let text = value.trimmed
      guard !text.isEmpty, let known = TargetSchema.field(named: target, of: entity) else { continue }
      constants[target] = text
      if text.unicodeScalars.count > constantLimit {
        errors += [FieldError(tooLong: text, field, "A value for all records", limit: constantLimit)].compactMap(\.self)
      } else if let code = BatchMapping.problem(text, for: target, of: entity, at: moment) {
        errors.append(FieldError(field, advice(code, known, of: entity)))
      }
    }
    return constants
  }

  private static func advice(_ code: IssueCode, _ field: TargetField, of entity: ImportEntity) -> String {
    switch field.kind {
    case .enumeration:
      "\(field.label) is one of: \(ValueWords.offered(field.name, of: entity).prefix(20).joined(separator: ", "))."
    case .timestamp, .date: "Write the day for \(field.label) as 2021-12-25."
    case .boolean: "Write yes or no for \(field.label)."
    case .number, .money: "Write a number for \(field.label), as 1250.50."
    case .text(let limit): "\(field.label) has at most \(grouped(limit)) characters."
    case .longText: "\(field.label): \(code.label.lowercased())."
    }
  }

  /// The rules of the next version. What the form does not speak of stays.
  static func rules(
    _ fields: FormFields, _ mapping: BatchMapping, _ columns: [ColumnDecision], of entity: ImportEntity,
    _ errors: inout [FieldError]
  ) -> MappingRules {
    var rules = mapping.rules
    if let typed = fields["nothing"] { rules.nothing = nothing(typed, &errors) }
    let next = BatchMapping(number: mapping.number, columns: columns, constants: [:])
    var joins: [String: ColumnJoin] = [:]
    for target in next.shared(of: entity) {
      joins[target] =
        join(target, fields, entity, &errors) ?? (fields["j." + target] == nil ? rules.joins[target] : nil)
    }
    rules.joins = joins
    return rules
  }

  private static func nothing(_ typed: String, _ errors: inout [FieldError]) -> [String]? {
    var seen: Set<String> = []
    let words = typed.split(whereSeparator: \.isNewline).map { $0.trimmed }
      .filter { !$0.isEmpty && seen.insert($0.lowercased()).inserted }
    if words.count > MappingRules.nothingLimit || words.contains(where: { $0.count > MappingRules.wordLimit }) {
      errors.append(
        FieldError(
          "nothing",
          "At most \(MappingRules.nothingLimit) words, each of at most \(MappingRules.wordLimit) characters."))
    }
    return Set(words.map { $0.lowercased() }) == Set(MappingRules.usual) ? nil : words
  }

  private static func join(
    _ target: String, _ fields: FormFields, _ entity: ImportEntity, _ errors: inout [FieldError]
  ) -> ColumnJoin? {
    guard let chosen = fields.given("j." + target) else { return nil }
    guard let way = ColumnJoin.Way(rawValue: chosen) else {
      errors.append(FieldError("j." + target, "“\(chosen.prefix(40))” is no way to make one of them."))
      return nil
    }
    if way == .all, !ColumnJoin.mayPutTogether(target, of: entity) {
      errors.append(FieldError("j." + target, "Only texts can be put together: take the first that says something."))
    }
    // Space around it is meant.
    let separator = fields.pairs.first { $0.name == "js." + target }?.value ?? " "
    if separator.count > ColumnJoin.separatorLimit {
      errors.append(
        FieldError("js." + target, "At most \(ColumnJoin.separatorLimit) characters stand between two cells."))
    }
    return ColumnJoin(way, separator: separator)
  }

  /// The part of a column's cells that is meant; with an empty separator all of them.
  /// - Returns: `nil` where the form does not speak of it.
  static func split(of column: ColumnDecision, _ fields: FormFields, _ errors: inout [FieldError]) -> CellSplit? {
    let name = MappingDraft.field(column, "split")
    guard let separator = fields.pairs.first(where: { $0.name == name })?.value else { return nil }
    guard !separator.isEmpty else { return CellSplit(separator: "", part: 1) }
    let part = Int(fields[MappingDraft.field(column, "part")] ?? "1") ?? 0
    if separator.count > ColumnJoin.separatorLimit {
      errors.append(FieldError(name, "At most \(ColumnJoin.separatorLimit) characters stand between two parts."))
    }
    if !(1...CellSplit.partLimit).contains(part) {
      errors.append(
        FieldError(MappingDraft.field(column, "part"), "Write which part is meant, from 1 to \(CellSplit.partLimit)."))
    }
    return CellSplit(separator: separator, part: part)
  }
}

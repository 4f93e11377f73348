// What the mapper's form says about how the cells of a column are read, checked. What it does not speak of stays.

import EthicoTypes
import FoundationEssentials
import Mapping
import Migration
import SourceFiles
import Web

enum MappingTransforms {
  /// Reads `c3.zone`, `c3.yes` and `c3.no`, `c3.list` and `c3.list_text` of the fourth column.
  static func read(
    _ fields: FormFields, of column: ColumnDecision, into reading: inout CellReading, _ errors: inout [FieldError]
  ) {
    zone(fields, MappingDraft.field(column, "zone"), &reading, &errors)
    truth(fields, column, &reading, &errors)
    list(fields, column, &reading, &errors)
  }

  private static func zone(
    _ fields: FormFields, _ name: String, _ reading: inout CellReading, _ errors: inout [FieldError]
  ) {
    guard let typed = fields[name] else { return }
    reading.zone = ColumnZone.named(typed)
    if reading.zone == nil, !typed.isEmpty {
      errors.append(
        FieldError(name, "“\(typed.prefix(60))” is no time zone: choose one that is offered, as Europe/Berlin."))
    }
  }

  private static func truth(
    _ fields: FormFields, _ column: ColumnDecision, _ reading: inout CellReading, _ errors: inout [FieldError]
  ) {
    let names = (yes: MappingDraft.field(column, "yes"), no: MappingDraft.field(column, "no"))
    guard let typedYes = fields[names.yes], let typedNo = fields[names.no] else { return }
    let words = TruthWords(yes: lines(typedYes), no: lines(typedNo))
    for (name, said, meaning) in [(names.yes, words.yes, "yes"), (names.no, words.no, "no")] {
      if said.isEmpty { errors.append(FieldError(name, "Write at least one word that means \(meaning).")) }
      if said.count > TruthWords.limit || said.contains(where: { $0.count > TruthWords.wordLimit }) {
        errors.append(
          FieldError(
            name, "At most \(TruthWords.limit) words, each of at most \(TruthWords.wordLimit) characters."))
      }
    }
    let meaningYes = Set(words.yes.map { $0.lowercased() })
    if let both = words.no.first(where: { meaningYes.contains($0.lowercased()) }) {
      errors.append(FieldError(names.no, "“\(both.prefix(60))” cannot mean both yes and no."))
    }
    reading.truth = words.isUsual ? nil : words
  }

  private static func lines(_ typed: String) -> [String] {
    var seen: Set<String> = []
    return typed.split(whereSeparator: \.isNewline).map { $0.trimmed }
      .filter { !$0.isEmpty && seen.insert($0.lowercased()).inserted }
  }

  private static func list(
    _ fields: FormFields, _ column: ColumnDecision, _ reading: inout CellReading, _ errors: inout [FieldError]
  ) {
    let names = (choice: MappingDraft.field(column, "list"), text: MappingDraft.field(column, "list_text"))
    guard let chosen = fields.given(names.choice) else { return }
    guard let choice = ListChoice(rawValue: chosen) else {
      errors.append(FieldError(names.choice, "“\(chosen.prefix(40))” is none of what may stand between two values."))
      return
    }
    reading.list = choice.separator
    guard choice == .other else { return }
    // Space around it is meant.
    let text = fields.pairs.first { $0.name == names.text }?.value ?? ""
    if text.isEmpty { errors.append(FieldError(names.text, "Write what stands between two values.")) }
    if text.count > ColumnJoin.separatorLimit {
      errors.append(
        FieldError(names.text, "At most \(ColumnJoin.separatorLimit) characters stand between two values."))
    }
    reading.list = text
  }
}

extension TruthWords {
  /// Whether they are the words that sources usually have, in whatever order.
  fileprivate var isUsual: Bool {
    let usual = TruthWords.usual
    return Set(yes.map { $0.lowercased() }) == Set(usual.yes) && Set(no.map { $0.lowercased() }) == Set(usual.no)
  }
}

/// Which columns the form wants decoded again, and which it wants left as they came.
enum MappingRepairs {
  /// Fields that name a column by its place, or all of them that look like it.
  static let mend = "repair"
  static let undo = "unrepair"
  static let all = "all"

  static func apply(
    _ fields: FormFields, to columns: inout [ColumnDecision], broken: Set<Int>, _ errors: inout [FieldError]
  ) {
    for (name, repair) in [(mend, TextRepair.decodedTwice), (undo, nil)] as [(String, TextRepair?)] {
      for chosen in fields.all(name) where !chosen.isEmpty {
        let places = chosen == all ? (repair == nil ? Set(columns.map(\.index)) : broken) : Set([Int(chosen) ?? -1])
        if places != broken, !places.isSubset(of: columns.map(\.index)) {
          errors.append(FieldError("", "“\(chosen.prefix(40))” is no column of this file."))
        }
        for place in columns.indices where places.contains(columns[place].index) {
          columns[place].reading.repair = repair
        }
      }
    }
  }
}

// What the form of how a file was read says, checked.

import EthicoTypes
import FoundationEssentials
import Migration
import SourceFiles
import Web

/// The parts of a reading by the names of their fields, and what they are now.
struct ReadingFields: Sendable {
  let batch: Batch

  /// Beside the values of a field: the console looks for itself.
  static let foundOut = "auto"
  /// The list that a JSON file is as a whole; its pointer is empty.
  static let whole = "/"
  private static let delimiterNames = ["\t": "tab"]

  /// The encoding, where the file is text.
  var encoding: String? { batch.shape.encoding }

  var delimiter: String? { batch.shape.delimiter.map { Self.delimiterNames[$0] ?? $0 } }

  /// The record that names the columns, where records have none of their own; 0 for none.
  var headerRow: Int? { delimiter == nil && encoding != nil ? nil : batch.shape.headerRow ?? 0 }

  var table: String? {
    guard batch.shape.tables.count > 1 else { return nil }
    return batch.shape.table.map { $0.isEmpty ? Self.whole : $0 }
  }

  /// Whether somebody has to say what becomes of rows and columns that a sheet hides.
  var hidden: HiddenCells? {
    let hides = batch.shape.findings.contains { $0.code == .hiddenRows || $0.code == .hiddenColumns }
    return hides || batch.options.hidden != nil ? batch.options.hidden ?? .read : nil
  }

  /// As the form is shown before anything is corrected.
  var state: FormState {
    FormState(
      [
        encoding.map { ("encoding", $0) }, delimiter.map { ("delimiter", $0) },
        headerRow.map { ("header_row", String($0)) }, table.map { ("table", $0) },
        hidden.map { ("hidden", $0.rawValue) },
      ].compactMap(\.self))
  }
}

extension ReadingCorrection {
  /// Reads the form. A field that says what is so already corrects nothing.
  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields, _ batch: Batch) throws {
    self.init()
    let now = ReadingFields(batch: batch)
    var errors: [FieldError] = []
    if let chosen = fields.given("encoding"), chosen != now.encoding {
      let isKnown = chosen == ReadingFields.foundOut || TextEncoding.named(chosen) != nil
      if !isKnown { errors.append(FieldError("encoding", "“\(chosen.prefix(40))” is no encoding that we know.")) }
      encoding = chosen == ReadingFields.foundOut ? .foundOut : .chosen(chosen)
    }
    if let chosen = fields.given("delimiter"), chosen != now.delimiter {
      if chosen != "tab", chosen != ReadingFields.foundOut, chosen.count != 1 {
        errors.append(FieldError("delimiter", "A delimiter is one character, or tab."))
      }
      delimiter = chosen == ReadingFields.foundOut ? .foundOut : .chosen(chosen)
    }
    if let typed = fields["header_row"], typed != now.headerRow.map(String.init) {
      let number = Int(typed)
      if !typed.isEmpty, number.map({ !(0...Self.headerLimit).contains($0) }) ?? true {
        errors.append(
          FieldError("header_row", "Write the number of the row that names the columns, or 0 where none does."))
      }
      headerRow = number.map { .chosen($0) } ?? .foundOut
    }
    // A sheet's name may begin or end with a space.
    if let chosen = fields.pairs.first(where: { $0.name == "table" })?.value, chosen != now.table {
      table = chosen == ReadingFields.whole ? "" : chosen
      if !batch.shape.tables.contains(where: { $0.name == table }) {
        errors.append(FieldError("table", "There is no “\(chosen.prefix(60))” in this file."))
      }
    }
    if let chosen = fields.given("hidden"), chosen != now.hidden?.rawValue {
      hidden = HiddenCells(rawValue: chosen)
      if hidden == nil { errors.append(FieldError("hidden", "Choose one of the two.")) }
    }
    guard errors.isEmpty else { throw Invalid(errors) }
  }

  /// Rows that are looked at for the one that names the columns.
  private static let headerLimit = 200
}

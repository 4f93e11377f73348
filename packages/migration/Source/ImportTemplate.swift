// Templates that a client fills in: a column for every field, and what each is for.

package import Mapping

/// An empty workbook for one kind of record.
package enum ImportTemplate {
  /// Writes it to `path`: a sheet to fill in, and one that explains the fields.
  package static func write(_ entity: ImportEntity, to path: String) throws(SourceError) {
    let fields = TargetSchema.fields(of: entity)
    let writer = try WorkbookWriter(path: path)
    let rows = try writer.begin(sheet: entity.pluralLabel, widths: fields.map { max(12, $0.name.count + 2) })
    let explained = try writer.begin(sheet: "Fields", widths: [32, 28, 12, 14, 60])
    try writer.add(fields.map { .heading($0.name.replacing("[n]", with: "[1]")) }, to: rows)
    try writer.add(explanation.map { .heading($0) }, to: explained)
    for field in fields {
      let name = field.isNumbered ? field.name.replacing("[n]", with: "[1]") + " … [9]" : field.name
      try writer.add(
        [
          .text(name), .text(field.label), .text(field.isRequired ? "required" : ""),
          .text(field.kind.name.replacing("_", with: " ") + (field.isList ? ", several" : "")), .text(words(field)),
        ], to: explained)
    }
    try writer.finish()
  }

  /// The headings of the sheet that explains the fields.
  private static let explanation = ["Field", "Name", "Required", "Values", "Words"]

  /// Whether a table is the sheet that explains the fields, come back with the records: its rows are none.
  package static func isExplanation(_ table: SourceShape) -> Bool {
    table.kind == .xlsx && table.columns == explanation
  }

  private static func words(_ field: TargetField) -> String {
    if case .enumeration(let words) = field.kind { return words.joined(separator: ", ") }
    return field.defaultValue.map { "\($0) if left blank" } ?? ""
  }
}

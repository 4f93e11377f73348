// What a form says about the system that data comes from, checked.

import EthicoTypes
import Migration
import Web

/// The names of the fields.
enum SourceFields {
  static let system = "source"
  static let name = "source_name"
  /// Beside the systems: one of another name, which stands in a field of its own.
  static let other = "=other"
}

extension SourceSystem {
  /// Reads the form.
  /// - Returns: `nil` where it leaves it to the files.
  /// - Throws: `Invalid` with every field that cannot be accepted.
  static func read(_ fields: FormFields, among offered: [SourceSystem]) throws -> SourceSystem? {
    let chosen = fields[SourceFields.system] ?? ""
    let name = (fields[SourceFields.name] ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard chosen == SourceFields.other else {
      guard name.isEmpty else {
        throw Invalid(SourceFields.name, "Choose another system above for this name, or leave it empty.")
      }
      guard let system = offered.first(where: { $0.code == chosen }) else {
        guard chosen.isEmpty else { throw Invalid(SourceFields.system, "Choose one of the systems, or another one.") }
        return nil
      }
      return system
    }
    let system = called(name, among: offered)
    let isText = name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
    let errors = [
      name.isEmpty ? FieldError(SourceFields.name, "Say what the system is called.") : nil,
      isText && !name.hasPrefix("=")
        ? nil : FieldError(SourceFields.name, "A system’s name is plain text, and does not begin with =."),
      system.isNamed ? nil : FieldError(SourceFields.name, "“\(name.prefix(60))” names no system."),
      FieldError(tooLong: name, SourceFields.name, "A system’s name", limit: nameLimit),
    ].compactMap(\.self)
    guard errors.isEmpty else { throw Invalid(errors) }
    return system
  }
}

// What a person sees who saves over a newer version: what is stored, beside what they typed.

import Markup
import Web

/// What is stored, beside what was typed over a newer version: the person decides, and saves again.
/// - Parameter names: what values that are ids are called.
func storedBeside(
  _ fields: [(name: String, value: String)], _ typed: FormState, names: [String: String] = [:]
) -> HTML {
  panel("Stored now → what you typed") {
    diff(
      fields.compactMap { field in
        let value = typed.fields[field.name] ?? ""
        guard value != field.value else { return nil }
        return FieldChange(
          label: word(field.name), before: names[field.value] ?? field.value, after: names[value] ?? value)
      })
  }
}

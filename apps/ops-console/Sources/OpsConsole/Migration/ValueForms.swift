// What the form of the source's words says, checked.

import Mapping
import Migration
import Web

/// What the page of values shows beside them.
struct ValueForms: Sendable {
  /// What was sent, where it was refused.
  var fields: FormFields?
  var setback: Setback?
  /// The client's own, which the source's categories become.
  let categories: ClientCategories
  let may: Bool

  /// What is wrong with what was sent.
  var errors: [FieldError] { setback?.errors ?? [] }
}

extension ValueForms {
  /// Fields are numbered by the values.
  static func numbered(_ choices: [ValueChoice]) -> NumberedForm {
    NumberedForm(choices.flatMap { [$0.target, $0.key] })
  }

  static let empty = "=empty"
  static let reject = "=reject"
  /// A category that is made; its name stands in a field of its own.
  static let new = "=new"
  /// Beside what was chosen: every category that nobody decided about is made by its own name.
  static let newCategories = "new-categories"
}

extension ValueMapping {
  /// Reads what values become: `v3` for the fourth choice, `n3` for the name of a new category.
  /// - Throws: `Invalid` for what is none of the words offered, and for a category without a name.
  static func read(
    _ fields: FormFields, _ choices: [ValueChoice], of batch: Batch, _ categories: ClientCategories
  ) throws -> [ValueMapping] {
    var errors: [FieldError] = []
    let makesAll = fields["then"] == ValueForms.newCategories
    let read = choices.enumerated().compactMap { index, choice -> ValueMapping? in
      let name = "v\(index)"
      let isCategory = ClientCategories.areNamed(by: choice.target, of: batch.entity)
      let act: Act
      switch fields[name] ?? "" {
      case "":
        guard makesAll, isCategory, choice.shown == nil, choice.mayBeNew else { return nil }
        act = .newCategory(choice.value)
        errors += Self.errors(inCategory: choice.value, "n\(index)")
      case ValueForms.empty: act = .empty
      case ValueForms.reject: act = .reject
      case ValueForms.new where isCategory:
        let typed = fields["n\(index)"] ?? choice.value
        act = .newCategory(typed)
        errors += Self.errors(inCategory: typed, "n\(index)")
        if !choice.mayBeNew {
          let above = choice.above?.becomes ?? ""
          errors.append(FieldError(name, "“\(above)” stands below another category, and takes none below itself."))
        }
      case let chosen:
        let words = isCategory ? categories.all.map(\.word) : ValueWords.offered(choice.target, of: batch.entity)
        if !words.contains(chosen) { errors.append(FieldError(name, "“\(chosen.prefix(60))” is none of our words.")) }
        act = .value(chosen)
      }
      return ValueMapping(target: choice.target, value: choice.key, act: act)
    }
    guard errors.isEmpty else { throw Invalid(errors) }
    return read
  }

  private static func errors(inCategory name: String, _ field: String) -> [FieldError] {
    if name.isEmpty { return [FieldError(field, "Say what the new category is called.")] }
    return [FieldError(tooLong: name, field, "A category’s name", limit: ClientCategories.nameLimit)].compactMap(\.self)
  }
}

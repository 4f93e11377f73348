// What a category of the source becomes: one of the client's, or a new one by a name of its own.

import Markup
import Migration
import Web

enum CategoryChoice {
  /// The name of a new one stands beside the list; without a style sheet it is always in sight.
  static func field(_ index: Int, _ choice: ValueChoice, _ forms: ValueForms) -> HTML {
    let error = forms.setback?.errors.first { $0.field == "n\(index)" }
    let chosen = error == nil ? forms.fields?["v\(index)"] ?? ValueView.stored(choice.shown) : ValueForms.new
    let isSuggested = forms.fields == nil && choice.act == nil && choice.suggested != nil
    return div(.class("category-choice")) {
      select(.id("f-v\(index)"), .name("v\(index)"), .aria("label", "What “\(choice.value)” becomes")) {
        option(.value(""), chosen.isEmpty ? .selected : nil) { "? Not decided" }
        option(.value(ValueForms.new), chosen == ValueForms.new ? .selected : nil) { "New category …" }
        for category in offered(choice, forms) {
          option(.value(category.word), category.word == chosen ? .selected : nil) { category.label }
        }
        ValueView.rest(chosen)
      }
      if isSuggested { badge("Suggested: save to settle it", .attention) }
      input(
        .type("text"), .id("f-n\(index)"), .name("n\(index)"), .value(name(index, choice, forms)), .dirAuto,
        .autocomplete("off"), .maxlength(ClientCategories.nameLimit),
        .aria("label", "Name of the new category for “\(choice.value)”"),
        error == nil ? nil : .aria("invalid", "true"),
        error == nil ? nil : .aria("describedby", "f-n\(index)-error"))
      if let error { p(.class("field-error"), .id("f-n\(index)-error")) { error.message } }
    }
  }

  /// One that was chosen, and is in use no more, is shown all the same.
  private static func offered(_ choice: ValueChoice, _ forms: ValueForms) -> [CategoryWord] {
    guard case .value(let word)? = choice.act, !forms.categories.all.contains(where: { $0.word == word }) else {
      return forms.categories.all
    }
    return forms.categories.all + [CategoryWord(name: word, code: word)]
  }

  private static func name(_ index: Int, _ choice: ValueChoice, _ forms: ValueForms) -> String {
    if let typed = forms.fields?["n\(index)"] { return typed }
    guard case .newCategory(let name)? = choice.act else { return choice.value }
    return name
  }
}

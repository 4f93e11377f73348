// What a category of the source, or what stands below one there, becomes: one of the client's, or a new one by a name
// of its own.

import Markup
import Migration
import Web

enum CategoryChoice {
  /// The name of a new one stands beside the list; without a style sheet it is always in sight.
  static func field(_ index: Int, _ choice: ValueChoice, _ forms: ValueForms) -> HTML {
    let unnamed = ControlError("n\(index)", in: forms.errors)
    let unknown = ControlError("v\(index)", in: forms.errors)
    let chosen = unnamed.isThere ? ValueForms.new : forms.fields?["v\(index)"] ?? ValueView.stored(choice.shown)
    let isSuggested = forms.fields == nil && choice.act == nil && choice.suggested != nil
    return div(.class("category-choice")) {
      select(
        .id(unknown.id), .name("v\(index)"), .aria("label", "What “\(choice.title)” becomes"), unknown.describedBy,
        unknown.invalid
      ) {
        option(.value(""), chosen.isEmpty ? .selected : nil) { "? Not decided" }
        if choice.mayBeNew || chosen == ValueForms.new {
          option(.value(ValueForms.new), chosen == ValueForms.new ? .selected : nil, .dirAuto) { new(choice) }
        }
        for category in offered(choice, forms) {
          option(.value(category.word), category.word == chosen ? .selected : nil, .dirAuto) { category.label }
        }
        ValueView.rest(chosen, empty: ValueView.empty(choice))
      }
      unknown.line
      if isSuggested { badge("Suggested: save to settle it", .attention) }
      input(
        .type("text"), .id(unnamed.id), .name("n\(index)"), .value(name(index, choice, forms)), .dirAuto,
        .autocomplete("off"), .maxlength(ClientCategories.nameLimit),
        .aria("label", "Name of the new category for “\(choice.title)”"), unnamed.describedBy, unnamed.invalid)
      unnamed.line
    }
  }

  private static func new(_ choice: ValueChoice) -> String {
    guard let above = choice.above else { return "New category …" }
    return above.becomes.map { "New category below “\($0)” …" } ?? "New category below what its category becomes …"
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

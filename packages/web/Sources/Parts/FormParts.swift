// The controls of a form. Each has the id `f-` and its name, a label, and says what helps and what is wrong.

public import EthicoTypes
public import Markup

/// What a text field takes.
public enum FieldKind: Sendable {
  case text, email, number, date
  /// Not shown while it is typed.
  case secret

  var type: StaticString {
    switch self {
    case .text: "text"
    case .email: "email"
    case .number: "number"
    case .date: "date"
    case .secret: "password"
    }
  }
}

/// Whether a field may stay empty; the label says when it may. A filter may always, and says nothing.
public enum FieldNeed: Sendable {
  case required, optional, filter
}

/// How wide a field is: it fits what is typed into it.
public enum FieldSize: String, Sendable {
  case short, medium, long
}

/// One line of text.
/// - Parameter suggestions: the id of a `datalist` with what it offers.
public func textField(
  _ name: String, label: String, help: String? = nil, state: FormState, kind: FieldKind = .text,
  need: FieldNeed = .required, maxLength: Int? = nil, size: FieldSize = .medium, autocomplete: StaticString = "off",
  suggestions: String? = nil
) -> HTML {
  let field = Field(name, label, help, state, need, size)
  return field.wrapping(
    input(
      .type(kind.type), .id(field.id), .name(name), .value(field.typed), .dirAuto, .autocomplete(autocomplete),
      suggestions.map(Attribute.list) ?? nil, maxLength.map(Attribute.maxlength) ?? nil, field.required,
      field.describedBy, field.invalid))
}

/// A file from the person's machine. A browser never fills it in again.
/// - Parameter accept: what it offers first, as `.pdf,.png`.
public func fileField(
  _ name: String, label: String, help: String? = nil, state: FormState, accept: String
) -> HTML {
  let field = Field(name, label, help, state, .required)
  return field.wrapping(
    input(
      .type("file"), .id(field.id), .name(name), .accept(accept), field.required, field.describedBy, field.invalid))
}

/// Several lines of text.
public func textArea(
  _ name: String, label: String, help: String? = nil, state: FormState, need: FieldNeed = .required, rows: Int = 4,
  maxLength: Int? = nil
) -> HTML {
  let field = Field(name, label, help, state, need)
  return field.wrapping(
    textarea(
      .id(field.id), .name(name), .rows(rows), .dirAuto, maxLength.map(Attribute.maxlength) ?? nil, field.required,
      field.describedBy, field.invalid
    ) { field.typed })
}

/// One of several values, from a list. A value that is not in the list is shown as it is: an edit of something else
/// must not change it unseen.
public func selectField(
  _ name: String, label: String, help: String? = nil, state: FormState, options: [Choice],
  need: FieldNeed = .required
) -> HTML {
  let field = Field(name, label, help, state, need)
  let isListed = field.typed.isEmpty || options.contains { $0.value == field.typed }
  let shown = isListed ? options : options + [(field.typed, field.typed)]
  return field.wrapping(
    select(.id(field.id), .name(name), field.required, field.describedBy, field.invalid) {
      for choice in shown {
        option(.value(choice.value), choice.value == field.typed ? .selected : nil, .dirAuto) { choice.label }
      }
    })
}

/// One of a few values, all in sight.
public func radioGroup(
  _ name: String, label: String, help: String? = nil, state: FormState, options: [Choice],
  need: FieldNeed = .required
) -> HTML {
  let field = Field(name, label, help, state, need)
  return field.group(role: "radiogroup") {
    for (index, choice) in options.enumerated() {
      let id = field.id(ofChoice: index)
      Markup.label(.for(id)) {
        input(
          .type("radio"), .id(id), .name(name), .value(choice.value), field.required,
          choice.value == field.typed ? .checked : nil, field.describedBy, field.invalid)
        span(.dirAuto) { choice.label }
      }
    }
  }
}

/// Any number of a few values, sent as `name[]`.
public func checkboxGroup(
  _ name: String, label: String, help: String? = nil, state: FormState, options: [Choice]
) -> HTML {
  let field = Field(name, label, help, state, .required)
  let checked = state.fields.all(name + "[]")
  return field.group(role: "group") {
    for (index, choice) in options.enumerated() {
      let id = field.id(ofChoice: index)
      Markup.label(.for(id)) {
        input(
          .type("checkbox"), .id(id), .name(name + "[]"), .value(choice.value),
          checked.contains(choice.value) ? .checked : nil, field.describedBy, field.invalid)
        span(.dirAuto) { choice.label }
      }
    }
  }
}

/// Yes or no: sent as `true`, or not at all.
public func checkbox(_ name: String, label: String, help: String? = nil, state: FormState) -> HTML {
  let field = Field(name, label, help, state, .required)
  return div(.class("field"), field.marked) {
    Markup.label(.for(field.id)) {
      input(
        .type("checkbox"), .id(field.id), .name(name), .value("true"), field.typed == "true" ? .checked : nil,
        field.describedBy, field.invalid)
      span { label }
    }
    field.advice
  }
}

/// Every value of a vocabulary, by its label.
public func choices<Word: Term>(_ vocabulary: Word.Type) -> [Choice] {
  vocabulary.allCases.map { ($0.rawValue, $0.label) }
}

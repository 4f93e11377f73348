// What all controls of a form share: how they are named, described and marked.

public import Markup

/// The id of a control, which labels and the error summary point to.
func fieldID(_ name: String) -> String {
  "f-" + (name.hasSuffix("[]") ? String(name.dropLast(2)) : name)
}

/// A control's name and words, and its state.
struct Field {
  let id: String
  /// What was typed, unchanged.
  let typed: String
  private let label: String
  private let help: String?
  private let error: String?
  private let need: FieldNeed
  private let size: FieldSize

  init(
    _ name: String, _ label: String, _ help: String?, _ state: FormState, _ need: FieldNeed, _ size: FieldSize = .medium
  ) {
    id = fieldID(name)
    typed = state.fields.pairs.first { $0.name == name }?.value ?? ""
    error = state.error(name)
    self.label = label
    self.help = help
    self.need = need
    self.size = size
  }

  /// The first choice of a group has the group's own id, so that the error summary leads to it.
  func id(ofChoice index: Int) -> String {
    index == 0 ? id : "\(id)-\(index + 1)"
  }

  var required: Attribute { need == .required ? .required : nil }
  var invalid: Attribute { error == nil ? nil : .aria("invalid", "true") }
  var marked: Attribute { error == nil ? nil : .data("invalid") }

  var describedBy: Attribute {
    let ids = [help.map { _ in id + "-help" }, error.map { _ in id + "-error" }].compactMap(\.self)
    return ids.isEmpty ? nil : .aria("describedby", ids.joined(separator: " "))
  }

  /// Label above, help under it, then the control and what is wrong with it.
  func wrapping(_ control: HTML) -> HTML {
    div(.class("field"), marked, size == .medium ? nil : .data("size", size.rawValue)) {
      Markup.label(.for(id)) { words }
      helpLine
      control
      errorLine
    }
  }

  /// Several controls under one legend.
  func group(role: StaticString, @HTMLBuilder _ controls: () -> [HTML]) -> HTML {
    div(.class("field"), marked) {
      fieldset(.class("choices"), .role(role), describedBy, invalid) {
        legend { words }
        helpLine
        controls()
        errorLine
      }
    }
  }

  /// Help and error together, for a control that stands before its label.
  var advice: HTML {
    .group([helpLine, errorLine])
  }

  private var words: HTML {
    HTML {
      label
      if need == .optional { span(.class("optional")) { " (optional)" } }
    }
  }

  private var helpLine: HTML {
    help.map { text in p(.class("help"), .id(id + "-help"), .dirAuto) { text } } ?? .nothing
  }

  private var errorLine: HTML {
    error.map { text in p(.class("field-error"), .id(id + "-error"), .dirAuto) { text } } ?? .nothing
  }
}

/// What is wrong with a control that stands in no field of its own, as those of a list do: the control says so itself,
/// and the error summary leads to it.
public struct ControlError: Sendable {
  /// The id of the control.
  public let id: String
  private let message: String?

  /// Takes the first of the errors that is about that name, if any is.
  public init(_ name: String, in errors: [FieldError]) {
    id = fieldID(name)
    message = errors.first { $0.field == name }?.message
  }

  /// Whether anything is wrong with the control.
  public var isThere: Bool { message != nil }
  /// Marks the control.
  public var invalid: Attribute { message == nil ? nil : .aria("invalid", "true") }
  /// Ties the words to it.
  public var describedBy: Attribute { message == nil ? nil : .aria("describedby", id + "-error") }

  /// The words themselves, to stand under it; nothing where nothing is wrong.
  public var line: HTML {
    message.map { text in p(.class("field-error"), .id(id + "-error"), .dirAuto) { text } } ?? .nothing
  }
}

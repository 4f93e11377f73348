// Buttons: verbs with objects, as links where they only lead somewhere and as forms where they change something.

public import Markup

/// How a button looks. A page has at most one primary button.
public struct ButtonStyle: OptionSet, Sendable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  public static let plain: ButtonStyle = []
  public static let primary = ButtonStyle(rawValue: 1)
  public static let danger = ButtonStyle(rawValue: 2)
  public static let small = ButtonStyle(rawValue: 4)
  public static let quiet = ButtonStyle(rawValue: 8)

  var classes: Attribute {
    let variants: [(ButtonStyle, String)] = [
      (.primary, " primary"), (.danger, " danger"), (.small, " small"), (.quiet, " quiet"),
    ]
    return .class(variants.reduce("button") { contains($1.0) ? $0 + $1.1 : $0 })
  }
}

/// A link that looks like a button.
/// - Parameter name: what a screen reader says where the label alone leaves open which: "Open Acme Health".
public func linkButton(_ label: String, to path: Path, style: ButtonStyle = .plain, name: String? = nil) -> HTML {
  a(style.classes, .href(path), name.map { .aria("label", $0) } ?? nil) { label }
}

/// The button that sends the form it stands in.
public func submitButton(_ label: String, style: ButtonStyle = .primary, _ attributes: Attribute...) -> HTML {
  .element("button", [style.classes, .type("submit")] + attributes, [.text(label)])
}

/// A form of one button.
/// - Parameter name: what a screen reader says where the label alone leaves open which: "Exit Acme Health".
public func postButton(
  _ label: String, to path: Path, _ secrets: FormSecrets, fields: [(name: String, value: String)] = [],
  style: ButtonStyle = .plain, name: String? = nil
) -> HTML {
  form(.post, .action(path)) {
    hiddenFields(secrets)
    for field in fields { hiddenField(field.name, field.value) }
    submitButton(label, style: style, name.map { .aria("label", $0) } ?? nil)
  }
}

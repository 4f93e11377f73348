// Buttons: verbs with objects, as links where they only lead somewhere and as forms where they change something.

public import Markup

/// How a button looks. A page has at most one primary button.
public struct ButtonStyle: OptionSet, Sendable {
  /// One bit for each variant.
  public let rawValue: UInt8

  /// For the set's own sake; pages combine the variants below, as `[.small, .danger]`.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// As most buttons look: raised, with a line around them.
  public static let plain: ButtonStyle = []
  /// Filled with the accent: the act that the page is for.
  public static let primary = ButtonStyle(rawValue: 1)
  /// For what ends or takes something away: red words, and with `primary` a red fill.
  public static let danger = ButtonStyle(rawValue: 2)
  /// Lower and in smaller words, as in the rows of a table.
  public static let small = ButtonStyle(rawValue: 4)
  /// Without fill and line, as for the way back.
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

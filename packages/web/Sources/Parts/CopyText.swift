// A code that people carry elsewhere.

public import Markup

/// The text, to which a script adds a button that copies it; `name` says what it is: "Copy correlation id".
public func copyText(_ text: String, name: String) -> HTML {
  custom("copy-text", .data("name", name)) { code { text } }
}

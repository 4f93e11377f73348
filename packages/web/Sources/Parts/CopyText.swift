// A code that people carry elsewhere.

public import Markup

/// The text, and a button that copies it; `name` says what it is: "Copy correlation id".
public func copyText(_ text: String, name: String) -> HTML {
  custom("copy-text") {
    code { text }
    " "
    button(.class("button small quiet"), .type("button"), .aria("label", "Copy " + name)) { "Copy" }
  }
}

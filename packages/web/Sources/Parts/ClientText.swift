// Text that a client wrote, and the sign for what is not known.

public import Markup

/// What is not known: never 0, never nothing.
public let dash: HTML = span(.class("muted")) { "–" }

/// Text from outside in its own direction; a dash where there is none.
public func clientText(_ text: String?) -> HTML {
  guard let text, !text.isEmpty else { return dash }
  return span(.dirAuto) { text }
}

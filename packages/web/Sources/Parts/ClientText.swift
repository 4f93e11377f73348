// Text that a client wrote, and the sign for what is not known.

import Foundation
public import Markup

/// What is not known: never 0, never nothing.
public let dash: HTML = span(.class("muted")) { "–" }

/// Text from outside in its own direction; a dash where there is none.
public func clientText(_ text: String?) -> HTML {
  guard let text, !text.isEmpty else { return dash }
  return span(.dirAuto) { text }
}

/// A sentence of ours that names something of a client's: that stands in its own direction wherever it is named.
public func sentence(_ text: String, naming name: String) -> HTML {
  guard !name.isEmpty else { return .text(text) }
  let parts = text.components(separatedBy: name)
  return HTML {
    for (index, part) in parts.enumerated() {
      if index > 0 { clientText(name) }
      part
    }
  }
}

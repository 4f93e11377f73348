// Text that a client wrote, and the sign for what is not known.

import FoundationEssentials
public import Markup

/// What is not known: never 0, never nothing.
public let dash: HTML = span(.class("muted")) { "–" }

/// What is known not to have happened.
public let never: HTML = span(.class("muted")) { "Never" }

/// Text from outside in its own direction; a dash where there is none.
public func clientText(_ text: String?) -> HTML {
  guard let text, !text.isEmpty else { return dash }
  return span(.dirAuto) { text }
}

/// A sentence of ours that names something of a client's: that stands in its own direction wherever it is named.
/// - Parameter names: all that it may name; where one is part of another, the longer one is meant.
public func sentence(_ text: String, naming names: [String]) -> HTML {
  let longest = names.filter { !$0.isEmpty }.max { $0.count < $1.count }
  guard let longest else { return .text(text) }
  let others = names.filter { $0 != longest }
  let parts = text.components(separatedBy: longest)
  return HTML {
    for (index, part) in parts.enumerated() {
      if index > 0 { clientText(longest) }
      sentence(part, naming: others)
    }
  }
}

// What stands where there is nothing to show: it says which kind of nothing it is, and what to do.

public import EthicoTypes
public import Markup

/// Nothing has been made so far: what will be here, and the first step.
public func nothingYet(_ title: String, _ text: String, act: HTML? = nil) -> HTML {
  emptyState("nothing-yet", title) {
    p { text }
    act
  }
}

/// The filters leave nothing: what was sought, what comes near it, and the way back to everything.
/// - Parameter clear: the list without its filters; `nil` where what comes near is not narrowed by any.
public func nothingMatches(_ words: String, clear: Path?, near: HTML? = nil) -> HTML {
  emptyState("nothing-matches", words.isEmpty ? "Nothing matches these filters" : "Nothing matches “\(words)”") {
    p { near == nil ? "Try fewer words, or take a filter away." : "Close to it:" }
    near
    if let clear { linkButton("Clear filters", to: clear) }
  }
}

/// The person may not see this: which capability it takes, and who grants it.
public func notYours(_ capability: Capability) -> HTML {
  emptyState("not-yours", "You cannot \(capability.label)") {
    p {
      "It takes the capability "
      code { capability.rawValue }
      ". Whoever may \(Capability.staffAdmin.label) can grant it to you."
    }
  }
}

private func emptyState(_ kind: String, _ title: String, @HTMLBuilder content: () -> [HTML]) -> HTML {
  section(.class("empty"), .data("kind", kind)) {
    h2(.dirAuto) { title }
    content()
  }
}

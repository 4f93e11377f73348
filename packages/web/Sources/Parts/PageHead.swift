// The top of a page: what this is, and what one can do here.

public import Markup

/// The one h1 of a page, its acts with at most one primary button, and a line of facts.
public func pageHead(_ title: String, facts: [HTML] = [], @HTMLBuilder acts: () -> [HTML] = { [] }) -> HTML {
  let buttons = HTML { acts() }
  return header(.class("page-head")) {
    h1(.dirAuto) { title }
    if !buttons.isEmpty { div(.class("page-acts")) { buttons } }
    if !facts.isEmpty {
      p(.class("facts")) { facts.flatMap { fact in [span { fact }, " "] } }
    }
  }
}

// What the act before this page did.

public import Markup

/// One line after a redirect: what was done, a link to it, undo where that exists.
public func resultLine(_ content: HTML) -> HTML {
  div(.class("result"), .role("status")) { content }
}

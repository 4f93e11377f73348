// Parts of a page that stand side by side.

public import Markup

/// A titled part of a page.
public func panel(_ title: String, @HTMLBuilder content: () -> [HTML]) -> HTML {
  section(.class("panel")) {
    h2 { title }
    content()
  }
}

/// Panels side by side where there is room.
public func columns(@HTMLBuilder _ panels: () -> [HTML]) -> HTML {
  div(.class("columns")) { panels() }
}

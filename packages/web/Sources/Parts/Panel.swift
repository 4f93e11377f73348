// Parts of a page that stand side by side.

public import Markup

/// A titled part of a page; `aside` stands at the end of its title's line.
public func panel(_ title: String, aside: HTML = .nothing, @HTMLBuilder content: () -> [HTML]) -> HTML {
  section(.class("panel")) {
    if aside.isEmpty {
      h2(.dirAuto) { title }
    } else {
      header {
        h2(.dirAuto) { title }
        aside
      }
    }
    content()
  }
}

/// Panels side by side where there is room.
public func columns(@HTMLBuilder _ panels: () -> [HTML]) -> HTML {
  div(.class("columns")) { panels() }
}

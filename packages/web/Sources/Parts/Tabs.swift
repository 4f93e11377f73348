// The pages that one record is spread over.

public import Markup

/// Links between the pages of one record, the present one marked.
public func tabs(_ name: String, _ pages: [(label: String, path: Path)], current: Path) -> HTML {
  nav(.class("tabs"), .aria("label", name)) {
    ul {
      for page in pages {
        li { a(.href(page.path), page.path == current ? .aria("current", "page") : nil) { page.label } }
      }
    }
  }
}

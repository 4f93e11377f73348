// From page to page. A page begins after the last row of the one before, so it holds no number and never shifts.

public import Markup

/// How many rows are shown and the way on; nothing when they are all there.
public func pagination(shown: Int, first: Path?, next: Path?) -> HTML {
  guard first != nil || next != nil else { return .nothing }
  return nav(.class("pagination"), .aria("label", "Pages")) {
    span(.class("muted")) { "\(grouped(shown)) shown" }
    if let first {
      " "
      a(.class("button small"), .href(first)) { "First page" }
    }
    if let next {
      " "
      a(.class("button small"), .href(next), .rel("next")) { "Next page" }
    }
  }
}

/// Links to the first and the next page of a list, with the filters that it has.
/// - Parameters:
///   - after: where this page begins; `nil` for the first.
///   - next: the position behind the last row shown.
public func pagination<Position>(
  _ list: some ListFilter, at here: Path, shown: Int, after: Position?, next: String?
) -> HTML {
  let filtered = here.query(list.parameters)
  return pagination(
    shown: shown, first: after == nil ? nil : filtered, next: next.map { filtered.query("after", $0) })
}

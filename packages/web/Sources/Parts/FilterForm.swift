// The filters of a list that has too many for one line: each under its own label, the rarer ones folded away.

public import Markup

/// The fields of a filter form.
public struct FilterFields: Sendable {
  let first: HTML
  let rare: HTML
  let rareState: RareState

  /// Whether the rarer fields are in sight: they are where one of them is used, or wrong.
  public enum RareState: Sendable {
    case folded, open
  }

  /// - Parameter rare: folded away under `More filters` unless `rareState` is open.
  public init(first: HTML, rare: HTML, rareState: RareState) {
    self.first = first
    self.rare = rare
    self.rareState = rareState
  }
}

/// The filters of a page, what is active, and how many rows that leaves. What cannot be understood is said at its
/// field.
/// - Parameters:
///   - kept: what goes along unseen.
///   - count: `nil` where nothing was sought.
public func filterForm(
  action: Path, _ fields: FilterFields, errors: [FieldError], kept: [(name: String, value: String)] = [],
  chips: [FilterChip], clear: Path?, count: String?
) -> HTML {
  form(.class("filter-form"), .get, .action(action), .role("search"), .novalidate) {
    errorSummary(errors, "Nothing was looked for yet")
    for pair in kept { hiddenField(pair.name, pair.value) }
    div(.class("filter-fields")) { fields.first }
    details(.class("filter-rare"), fields.rareState == .open ? .open : nil) {
      summary { "More filters" }
      div(.class("filter-fields")) { fields.rare }
    }
    div(.class("filter-bar")) {
      button(.class("button"), .type("submit")) { "Filter" }
      if let count { span(.class("count")) { count } }
      if !chips.isEmpty || clear != nil { activeFilters(chips, clear) }
    }
  }
}

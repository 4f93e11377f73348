// What a list shows, chosen by a plain GET form, so that the address can be shared.

public import Markup

/// A value that is sent, and the words it is chosen by.
public typealias Choice = (value: String, label: String)

/// One field of a filter bar.
public struct Filter: Sendable {
  let content: HTML

  /// Free words; the key `/` goes here.
  public static func words(_ name: String, label: String, value: String, limit: Int = 100) -> Filter {
    Filter(
      content: input(
        .type("search"), .name(name), .value(value), .aria("label", label), .placeholder(label), .dirAuto,
        .autocomplete("off"), .maxlength(limit), .data("filter")))
  }

  /// One of several values; `any` is the entry for none, as "Any owner".
  public static func one(_ name: String, label: String, any: String, options: [Choice], chosen: String?) -> Filter {
    Filter(
      content: select(.name(name), .aria("label", label), .data("autosubmit")) {
        option(.value("")) { any }
        for choice in options {
          option(.value(choice.value), choice.value == chosen ? .selected : nil) { choice.label }
        }
      })
  }

  /// Any number of values, each added by choosing it; those already chosen go along and are taken away by their chips.
  public static func several(_ name: String, label: String, options: [Choice], chosen: [String]) -> Filter {
    Filter(
      content: HTML {
        for value in chosen { hiddenField(name, value) }
        select(.name(name), .aria("label", label), .data("autosubmit")) {
          option(.value("")) { label }
          for choice in options where !chosen.contains(choice.value) {
            option(.value(choice.value)) { choice.label }
          }
        }
      })
  }

  /// A value that goes along unseen, as the order of the list.
  public static func kept(_ name: String, _ value: String) -> Filter {
    Filter(content: hiddenField(name, value))
  }
}

/// A filter that is active, and the address without it.
public struct FilterChip: Sendable {
  let label: String
  let removed: Path

  public init(_ label: String, removed: Path) {
    self.label = label
    self.removed = removed
  }
}

/// The filters of a list, what is active, and how many rows that leaves.
public func filterBar(
  action: Path, _ filters: [Filter], chips: [FilterChip] = [], clear: Path? = nil, count: String
) -> HTML {
  form(.class("filter-bar"), .get, .action(action), .role("search")) {
    filters.map(\.content)
    button(.class("button no-js"), .type("submit")) { "Filter" }
    span(.class("count")) { count }
    if !chips.isEmpty || clear != nil { activeFilters(chips, clear) }
  }
}

private func activeFilters(_ chips: [FilterChip], _ clear: Path?) -> HTML {
  div(.class("chips")) {
    for chip in chips {
      a(.class("chip"), .href(chip.removed)) {
        span(.class("visually-hidden")) { "Remove filter " }
        span(.dirAuto) { chip.label }
      }
    }
    if let clear { a(.href(clear)) { "Clear filters" } }
  }
}

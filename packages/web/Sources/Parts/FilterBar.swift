// What a list shows, chosen by a plain GET form, so that the address can be shared.

public import Markup

/// A value that is sent, and the words it is chosen by.
public typealias Choice = (value: String, label: String)

/// One field of a filter bar.
public struct Filter: Sendable {
  let name: String
  let content: HTML
  /// What the chip of a value says.
  let chip: @Sendable (String) -> String

  /// Free words; the key `/` goes here.
  public static func words(_ name: String, label: String, value: String, limit: Int = 100) -> Filter {
    Filter(
      name: name,
      content: input(
        .type("search"), .name(name), .value(value), .aria("label", label), .placeholder(label), .dirAuto,
        .autocomplete("off"), .maxlength(limit), .data("filter"))
    ) { "“\($0)”" }
  }

  /// One of several values; `any` is the entry for none, as "Any owner".
  /// - Parameters:
  ///   - prefix: stands on the chip before a value that does not speak for itself, as "Lead: ".
  ///   - unknown: stands there for a value that is none of the options; `nil` for the value itself.
  public static func one(
    _ name: String, label: String, any: String, options: [Choice], chosen: String?, prefix: String = "",
    unknown: String? = nil
  ) -> Filter {
    Filter(
      name: name,
      content: select(.name(name), .aria("label", label), .data("autosubmit")) {
        option(.value("")) { any }
        for choice in options {
          option(.value(choice.value), choice.value == chosen ? .selected : nil, .dirAuto) { choice.label }
        }
      }
    ) { prefix + (options.label(of: $0) ?? unknown ?? $0) }
  }

  /// Any number of values, each added by choosing it; those already chosen go along and are taken away by their chips.
  public static func several(
    _ name: String, label: String, options: [Choice], chosen: [String], prefix: String = ""
  ) -> Filter {
    Filter(
      name: name,
      content: HTML {
        for value in chosen { hiddenField(name, value) }
        select(.name(name), .aria("label", label), .data("autosubmit")) {
          option(.value("")) { label }
          for choice in options where !chosen.contains(choice.value) {
            option(.value(choice.value), .dirAuto) { choice.label }
          }
        }
      }
    ) { prefix + (options.label(of: $0) ?? $0) }
  }

  /// A value that goes along unseen, as the order of the list.
  /// - Parameter chip: what it is called where it can be taken away.
  public static func kept(_ name: String, _ value: String, chip: String) -> Filter {
    Filter(name: name, content: hiddenField(name, value)) { _ in chip }
  }
}

extension [Choice] {
  fileprivate func label(of value: String) -> String? {
    first { $0.value == value }?.label
  }
}

/// A filter that is active, and the address without it.
public struct FilterChip: Sendable {
  let label: String
  let removed: Path

  /// - Parameter removed: the page with all filters but this one.
  public init(_ label: String, removed: Path) {
    self.label = label
    self.removed = removed
  }
}

/// The filters of a list; each of its conditions has a chip that takes it away.
/// - Parameter count: how many rows that leaves, and how they are ordered.
public func filterBar(_ list: some ListFilter, at here: Path, _ filters: [Filter], count: String) -> HTML {
  let chips = list.conditions.map { condition in
    let label = filters.first { $0.name == condition.name }?.chip(condition.value)
    let rest = list.parameters.filter { $0 != condition }
    return FilterChip(label ?? condition.value, removed: here.query(rest))
  }
  return filterBar(action: here, filters, chips: chips, clear: list.isFiltered ? here : nil, count: count)
}

/// The filters of a page, what is active, and how many rows that leaves.
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

/// A chip for each filter that is active, and the way back to everything.
func activeFilters(_ chips: [FilterChip], _ clear: Path?) -> HTML {
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

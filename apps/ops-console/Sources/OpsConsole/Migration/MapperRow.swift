// One column in the mapper.

import EthicoTypes
import FoundationEssentials
import Mapping
import Markup
import Migration
import Web

enum MapperRow {
  static func view(_ column: ColumnDecision, _ mapper: Mapper, _ forms: MapperForms) -> HTML {
    let profile = mapper.profile(of: column)
    return HTML {
      div(.class("mapping-source")) {
        strong(.dirAuto) { column.name }
        if let profile { span(.class("muted")) { fill(profile) } }
        if mapper.withheld.contains(column.index) {
          p(.class("samples")) { "Withheld: it may say who an anonymous reporter is." }
        } else {
          p(.class("samples"), .dirAuto) {
            mapper.samples(of: column).map { String($0.prefix(40)) }.joined(separator: " · ")
          }
        }
      }
      span(.class("mapping-arrow"), .aria("hidden", "true")) { "→" }
      div(.class("mapping-target")) {
        target(column, mapper, forms)
        readings(column, profile, mapper, forms)
      }
      div(.class("mapping-mark")) {
        mark(column)
        if forms.may, mapper.batch.state.isOpen, column.hasToBeSettled { settle(column, forms) }
        details(.class("why")) {
          summary { "Why" }
          ul {
            for reason in column.reasons { li { sentence(reason, naming: mapper.names(in: reason, of: column)) } }
            for ranked in column.ranked { li { "\(label(ranked.target, mapper)): \(percent(ranked.score))" } }
          }
        }
        if forms.may, mapper.batch.state.isOpen, column.hasToBeSettled { split(column, forms) }
        if column.hasToBeSettled { MapperTransforms.folds(column, mapper, forms) }
      }
    }
  }

  private static func fill(_ profile: ColumnProfile) -> String {
    profile.rows == 0 ? "no rows" : percent(profile.fill) + " filled"
  }

  private static func percent(_ share: Double) -> String {
    "\(Int((share * 100).rounded())) %"
  }

  private static func label(_ target: String, _ mapper: Mapper) -> String {
    TargetSchema.field(named: target, of: mapper.batch.entity)?.label ?? target
  }

  /// A mark and a word: never colour alone.
  private static func mark(_ column: ColumnDecision) -> HTML {
    switch column.act {
    case .matched where !column.reading.isSettled: badge("Review", .attention)
    case .matched: badge("✓ matched", .good)
    case .review: badge(column.target == nil ? "Review" : "Review \(percent(column.score))", .attention)
    case .keep: badge("Kept as it is", .info)
    case .ignore: badge("Left out", .neutral)
    case .quarantined: badge("Never kept", .bad)
    }
  }

  private static func settle(_ column: ColumnDecision, _ forms: MapperForms) -> HTML {
    let name = MappingDraft.field(column, "ok")
    let isSettled = forms.fields.map { $0[name] == "true" } ?? (column.act == .matched)
    return Markup.label(.class("check")) {
      input(.type("checkbox"), .name(name), .value("true"), isSettled ? .checked : nil)
      span { "Settled" }
    }
  }

  private static func target(_ column: ColumnDecision, _ mapper: Mapper, _ forms: MapperForms) -> HTML {
    let name = MappingDraft.field(column, "target")
    let chosen = forms.fields?[name] ?? chosen(column)
    guard forms.may, mapper.batch.state.isOpen else { return span { words(of: chosen, mapper.batch.entity) } }
    let error = ControlError(name, in: forms.errors)
    return HTML {
      select(
        .id(error.id), .name(name), .aria("label", "Field for \(column.name)"), error.describedBy, error.invalid
      ) {
        option(.value(""), chosen.isEmpty ? .selected : nil) { "? Unmapped" }
        for ranked in column.ranked where ranked.target != chosen {
          option(.value(ranked.target)) { "Suggested: \(label(ranked.target, mapper)) · \(percent(ranked.score))" }
        }
        option(.value(MappingDraft.keep), chosen == MappingDraft.keep ? .selected : nil) { "Keep under its own name" }
        option(.value(MappingDraft.ignore), chosen == MappingDraft.ignore ? .selected : nil) { "Leave out" }
        for (value, words) in offered(mapper.batch.entity, chosen) {
          option(.value(value), value == chosen ? .selected : nil) { words }
        }
      }
      error.line
    }
  }

  /// A decision, for whoever only reads it.
  private static func words(of chosen: String, _ entity: ImportEntity) -> String {
    switch chosen {
    case "": "Unmapped"
    case MappingDraft.keep: "Kept under its own name"
    case MappingDraft.ignore: "Left out"
    default: offered(entity, chosen).first { $0.value == chosen }?.label ?? chosen
    }
  }

  private static func chosen(_ column: ColumnDecision) -> String {
    switch column.act {
    case .keep: MappingDraft.keep
    case .ignore, .quarantined: MappingDraft.ignore
    case .matched, .review: column.target ?? ""
    }
  }

  /// Every field of the entity; of a numbered one the first five, and the one that was chosen.
  private static func offered(_ entity: ImportEntity, _ chosen: String) -> [Choice] {
    let first = TargetSchema.fields(of: entity).flatMap { field -> [Choice] in
      guard field.isNumbered else { return [(field.name, field.label)] }
      return (1...5).map { (field.name.replacing("[n]", with: "[\($0)]"), "\(field.label) \($0)") }
    }
    let isAmongThem = first.contains { $0.value == chosen }
    guard !isAmongThem, let field = TargetSchema.field(named: chosen, of: entity) else { return first }
    return first + [(chosen, "\(field.label) \(chosen.filter(\.isNumber))")]
  }

  // MARK: How cells are read

  /// The part of each cell that is meant: samples show it once it is saved.
  private static func split(_ column: ColumnDecision, _ forms: MapperForms) -> HTML {
    let (between, part) = (MappingDraft.field(column, "split"), MappingDraft.field(column, "part"))
    let (noSeparator, noPart) = (ControlError(between, in: forms.errors), ControlError(part, in: forms.errors))
    let isOpen = noSeparator.isThere || noPart.isThere
    let separator = forms.fields?.pairs.first { $0.name == between }?.value ?? column.reading.split?.separator ?? ""
    let number = forms.fields?[part] ?? String(column.reading.split?.part ?? 1)
    return details(.class("part"), separator.isEmpty && !isOpen ? nil : .open) {
      summary { "Only a part of each cell" }
      div(.class("split")) {
        input(
          .type("text"), .id(noSeparator.id), .name(between), .value(separator), .dirAuto, .autocomplete("off"),
          .placeholder("separator"), .maxlength(ColumnJoin.separatorLimit),
          .aria("label", "Separator of the parts in \(column.name)"), noSeparator.describedBy, noSeparator.invalid)
        input(
          .type("number"), .id(noPart.id), .name(part), .value(number),
          .aria("label", "Part that is meant in \(column.name), from 1"), noPart.describedBy, noPart.invalid)
      }
      noSeparator.line
      noPart.line
    }
  }

  @HTMLBuilder
  private static func readings(
    _ column: ColumnDecision, _ profile: ColumnProfile?, _ mapper: Mapper, _ forms: MapperForms
  ) -> [HTML] {
    // Of what was chosen, be it saved or not: whoever is asked for an order has to find where to say it.
    let chosen = forms.fields?[MappingDraft.field(column, "target")] ?? column.target ?? ""
    if let profile, let field = TargetSchema.field(named: chosen, of: mapper.batch.entity) {
      let isOpen = forms.may && mapper.batch.state.isOpen
      if field.isMoment { order(column, profile.dates, isOpen ? forms : nil) }
      if isOpen, field.isNumber, CellReading(profile, field).wants == .separator { separator(column, forms) }
    }
  }

  /// - Parameter forms: none where nobody can choose any more.
  @HTMLBuilder
  private static func order(_ column: ColumnDecision, _ proof: DateProof, _ forms: MapperForms?) -> [HTML] {
    switch proof.verdict {
    case .none, .selfEvident: HTML.nothing
    case .proved(let order, let witness):
      p(.class("help")) {
        "\(order.label), proved by "
        clientText("“\(witness.text)”")
        " in row \(grouped(witness.row))."
      }
    case .convention:
      if let forms { orderChoice(column, forms) }
      p(.class("help")) { "With dots the day stands first, by convention." }
    case .ambiguous:
      if let forms { orderChoice(column, forms) }
      p(.class("field-error")) { "No value says whether the day or the month stands first: choose." }
    case .mixed(let day, let month):
      if let forms { orderChoice(column, forms) }
      p(.class("field-error")) {
        clientText("“\(day.text)”")
        " (row \(grouped(day.row))) has the day first, "
        clientText("“\(month.text)”")
        " (row \(grouped(month.row))) the month: what does not fit your choice stays behind."
      }
    }
  }

  private static func orderChoice(_ column: ColumnDecision, _ forms: MapperForms) -> HTML {
    let name = MappingDraft.field(column, "order")
    let chosen = forms.fields?[name] ?? column.reading.order?.rawValue ?? ""
    return select(.name(name), .aria("label", "Order of the dates in \(column.name)")) {
      option(.value(""), chosen.isEmpty ? .selected : nil) { "? Order of its dates" }
      for order in [DateOrder.dayMonthYear, .monthDayYear] {
        option(.value(order.rawValue), order.rawValue == chosen ? .selected : nil) { order.label }
      }
    }
  }

  private static func separator(_ column: ColumnDecision, _ forms: MapperForms) -> HTML {
    let name = MappingDraft.field(column, "separator")
    let chosen = forms.fields?[name] ?? column.reading.separator?.rawValue ?? ""
    return select(.name(name), .aria("label", "Decimal separator in \(column.name)")) {
      option(.value(""), chosen.isEmpty ? .selected : nil) { "? Decimal separator" }
      option(.value("."), chosen == "." ? .selected : nil) { "Point: 1,234.5" }
      option(.value(","), chosen == "," ? .selected : nil) { "Comma: 1.234,5" }
    }
  }
}

extension DateOrder {
  /// `Day/month/year`.
  var label: String {
    switch self {
    case .dayMonthYear: "Day/month/year"
    case .monthDayYear: "Month/day/year"
    case .yearMonthDay: "Year/month/day"
    }
  }
}

extension ColumnDecision {
  /// Whether a tick says something about it: one that is kept or left out is settled by that.
  fileprivate var hasToBeSettled: Bool {
    switch act {
    case .matched, .review: true
    case .keep, .ignore, .quarantined: false
    }
  }
}

extension TargetField {
  var isMoment: Bool {
    switch kind {
    case .timestamp, .date: true
    case .text, .longText, .enumeration, .boolean, .number, .money: false
    }
  }

  var isNumber: Bool {
    switch kind {
    case .number, .money: true
    case .text, .longText, .enumeration, .boolean, .timestamp, .date: false
    }
  }
}

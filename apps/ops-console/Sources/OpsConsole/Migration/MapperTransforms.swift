// How the cells of one column are read, as far as a person says so, in the mapper: where its times are, which words
// mean yes and no, what stands between two values.

import EthicoTypes
import Mapping
import Markup
import Migration
import Web

enum MapperTransforms {
  /// The id of the zones that its fields offer.
  static let zoneList = "zones"

  /// The zones, once a page; none where no column has times.
  static func zones(_ mapper: Mapper, _ forms: MapperForms) -> HTML {
    guard forms.may, mapper.batch.state.isOpen,
      mapper.mapping.columns.contains(where: { field(of: $0, mapper, forms)?.isMoment ?? false })
    else { return .nothing }
    return datalist(.id(zoneList)) { for name in ColumnZone.names { option(.value(name)) } }
  }

  /// What may be said about a column, by what its field takes.
  static func folds(_ column: ColumnDecision, _ mapper: Mapper, _ forms: MapperForms) -> HTML {
    guard let field = field(of: column, mapper, forms) else { return .nothing }
    let fold = TransformFold(column: column, mapper: mapper, forms: forms)
    return HTML {
      if field.isMoment { fold.zone }
      if field.isFlag { fold.truth }
      if field.isList { fold.list }
    }
  }

  /// What a column becomes, be it saved or not.
  private static func field(of column: ColumnDecision, _ mapper: Mapper, _ forms: MapperForms) -> TargetField? {
    let chosen = forms.fields?[MappingDraft.field(column, "target")] ?? column.target ?? ""
    return TargetSchema.field(named: chosen, of: mapper.batch.entity)
  }
}

/// What may be said about one column.
private struct TransformFold {
  let column: ColumnDecision
  let mapper: Mapper
  let forms: MapperForms

  private var isOpen: Bool { forms.may && mapper.batch.state.isOpen }

  private func name(_ part: String) -> String { MappingDraft.field(column, part) }

  /// The controls as they were sent, else as the mapping has them.
  private func state(_ stored: [(part: String, value: String)]) -> FormState {
    let fields = stored.map { part, value in
      (name(part), forms.fields?.pairs.first { $0.name == name(part) }?.value ?? value)
    }
    return FormState(FormFields(fields), errors: forms.setback?.errors ?? [])
  }

  /// A fold of its controls, open where something in it is wrong; a line for whoever only reads.
  private func fold(_ line: HTML, _ state: FormState, _ parts: [String], @HTMLBuilder _ controls: () -> [HTML]) -> HTML
  {
    guard isOpen else { return p(.class("help")) { line } }
    let isWrong = parts.contains { state.error(name($0)) != nil }
    return details(.class("part"), isWrong ? .open : nil) {
      summary { line }
      div(.class("transform"), .role("group"), .aria("label", column.name)) { controls() }
    }
  }

  // MARK: Times

  var zone: HTML {
    let own = column.reading.zone
    let state = state([("zone", own ?? "")])
    let line = own.map { "Times are in \($0)" } ?? "Times are in \(mapper.zone), the client’s zone"
    return fold(.text(line), state, ["zone"]) {
      textField(
        name("zone"), label: "Time zone",
        help: "Of times that do not say it, and where a day begins. Empty for the client’s own, \(mapper.zone).",
        state: state, need: .optional, suggestions: MapperTransforms.zoneList)
    }
  }

  // MARK: Yes and no

  @HTMLBuilder
  private var strangers: [HTML] {
    let words = column.reading.truth ?? .usual
    let nothing = mapper.mapping.rules.words
    let unknown = mapper.withheld.contains(column.index) ? [] : mapper.profile(of: column)?.top ?? []
    let texts = unknown.map { column.reading.repair?.mended($0.text) ?? $0.text }
      .filter { !words.say($0) && !nothing.contains($0.lowercased()) }
    if !texts.isEmpty {
      p(.class("field-error")) {
        "Neither yes nor no: "
        clientText(texts.prefix(5).map { "“\($0.prefix(40))”" }.joined(separator: ", "))
        texts.count > 5 ? " and \(texts.count - 5) more." : "."
      }
    }
  }

  var truth: HTML {
    let words = column.reading.truth ?? .usual
    let state = state([
      ("yes", words.yes.joined(separator: "\n")), ("no", words.no.joined(separator: "\n")),
    ])
    let line = HTML {
      "Yes: "
      clientText(brief(words.yes))
      " – No: "
      clientText(brief(words.no))
    }
    return HTML {
      strangers
      fold(line, state, ["yes", "no"]) {
        textArea(name("yes"), label: "Words for yes", help: "One a line, in whatever case.", state: state, rows: 5)
        textArea(name("no"), label: "Words for no", help: "One a line, in whatever case.", state: state, rows: 5)
      }
    }
  }

  private func brief(_ words: [String]) -> String {
    words.prefix(3).joined(separator: " · ") + (words.count > 3 ? " · …" : "")
  }

  // MARK: Lists

  var list: HTML {
    let separator = column.reading.list
    let choice = ListChoice(separator)
    let state = state([("list", choice.rawValue), ("list_text", choice == .other ? separator ?? "" : "")])
    let line = HTML {
      "Between two values: "
      choice == .other ? clientText("“\(separator ?? "")”") : .text(choice.label.lowercased())
    }
    return fold(line, state, ["list", "list_text"]) {
      selectField(
        name("list"), label: "Between two values", state: state,
        options: ListChoice.allCases.map { ($0.rawValue, $0.label) })
      textField(
        name("list_text"), label: "Another text", help: "Where that is chosen; a space counts.", state: state,
        need: .optional, maxLength: ColumnJoin.separatorLimit, size: .short)
    }
  }
}

/// What may be chosen to stand between two values of one cell.
enum ListChoice: String, CaseIterable {
  case auto, semicolon, comma, bar, line, other

  init(_ separator: String?) {
    let known = Self.allCases.first { $0.separator != nil && $0.separator == separator }
    self = separator == nil ? .auto : known ?? .other
  }

  /// `nil` where each cell tells, and where somebody writes it.
  var separator: String? {
    switch self {
    case .auto, .other: nil
    case .semicolon: ";"
    case .comma: ","
    case .bar: "|"
    case .line: "\n"
    }
  }

  var label: String {
    switch self {
    case .auto: "What each cell has: line ends, semicolons, bars, else commas"
    case .semicolon: "Semicolon ;"
    case .comma: "Comma ,"
    case .bar: "Bar |"
    case .line: "A new line"
    case .other: "Another text"
    }
  }
}

extension TargetField {
  var isFlag: Bool {
    switch kind {
    case .boolean: true
    case .text, .longText, .enumeration, .timestamp, .date, .number, .money: false
    }
  }
}

// What the words of the source become: each value of a field that takes only certain words, with how often it stands
// there.

import Access
import EthicoTypes
import FoundationEssentials
import Mapping
import Markup
import Migration
import Web

enum ValueView {
  static func page(
    _ tenant: Tenant, _ batch: Batch, _ mapping: BatchMapping, _ choices: [ValueChoice], _ forms: ValueForms
  ) -> Page {
    Page(
      "Map values", section: "/tenants", crumbs: MapperView.crumbs(tenant, batch), trace: batch.title,
      value: ValueBody(choices)
    ) { frame in
      setbackPanel(forms.setback)
      errorSummary(forms.setback?.errors ?? [])
      pageHead("Map values", facts: facts(batch, choices))
      PurgeNotice.line(batch, frame)
      if choices.isEmpty {
        nothingYet(
          "No value wants a decision",
          "No column that takes only certain words is mapped. Map one, or go on to the check.",
          act: linkButton("Back to the columns", to: Path.batch(batch.id, of: tenant).appending("map")))
      } else {
        form(tenant, batch, mapping, choices, forms, frame)
      }
    }
  }

  private static func facts(_ batch: Batch, _ choices: [ValueChoice]) -> [HTML] {
    let open = choices.count { $0.act == nil }
    return [
      clientText(batch.title), .text("\(grouped(choices.count)) values"),
      open == 0 ? badge("All settled", .good) : badge("\(grouped(open)) to decide", .attention),
    ]
  }

  private static func form(
    _ tenant: Tenant, _ batch: Batch, _ mapping: BatchMapping, _ choices: [ValueChoice], _ forms: ValueForms,
    _ frame: Frame
  ) -> HTML {
    let may = forms.may && batch.state.isOpen
    return postForm(
      Path.batch(batch.id, of: tenant).appending("values"), frame.secrets("values"), version: batch.version
    ) {
      ValueForms.numbered(choices).view
      for target in targets(choices) {
        let isCategory = ClientCategories.areNamed(by: target, of: batch.entity)
        section(.class("panel")) {
          heading(target, batch, mapping)
          if isCategory, may {
            p(.class("help")) {
              choices.contains { $0.target == target && $0.above != nil }
                ? "Each is decided with the category that it stands below. One that the client does not have is made "
                  + "when its first case comes over."
                : "A category that the client does not have is made when its first case comes over."
            }
          }
          ul(.class("values")) {
            for (index, choice) in choices.enumerated() where choice.target == target {
              li {
                source(choice)
                span(.class("muted")) { rows(choice, forms) }
                if may {
                  if isCategory {
                    CategoryChoice.field(index, choice, forms)
                  } else {
                    choiceField(index, choice, batch.entity, forms)
                  }
                } else {
                  span(.dirAuto) { words(choice) }
                }
              }
            }
          }
        }
      }
      if may {
        // What Enter in a field does stands first.
        formActs {
          submitButton("Save values")
          newCategories(choices.filter { ClientCategories.areNamed(by: $0.target, of: batch.entity) })
        }
      }
    }
  }

  /// The field that the words are of, with where they stand in the source: `Reporter type, from the column “Anonym”`.
  private static func heading(_ target: String, _ batch: Batch, _ mapping: BatchMapping) -> HTML {
    let label = TargetSchema.field(named: target, of: batch.entity)?.label ?? target
    let columns = mapping.matched.filter { $0.target == target }.map(\.name)
    guard !columns.isEmpty else { return h2 { label } }
    return h2 {
      label + ","
      " "
      span(.class("muted")) {
        columns.count == 1 ? "from the column " : "from the columns "
        for (index, column) in columns.enumerated() {
          if index > 0 { index == columns.count - 1 ? " and " : ", " }
          "“"
          span(.dirAuto) { column }
          "”"
        }
      }
    }
  }

  /// What the client does not have is never made unasked; many at once are one act.
  private static func newCategories(_ choices: [ValueChoice]) -> HTML {
    let open = choices.count { $0.shown == nil && $0.mayBeNew }
    guard open > 0 else { return .nothing }
    let label =
      open == 1 ? "Make a new category of the one undecided" : "Make new categories of all \(grouped(open)) undecided"
    return submitButton(label, style: .plain, .name("then"), .value(ValueForms.newCategories))
  }

  /// How often it stands there, and whether what is chosen was chosen the last time.
  private static func rows(_ choice: ValueChoice, _ forms: ValueForms) -> String {
    let rows = counted(choice.count, "row")
    return choice.isAsLastTime && forms.fields == nil ? rows + " · as last time" : rows
  }

  private static func targets(_ choices: [ValueChoice]) -> [String] {
    var seen: Set<String> = []
    return choices.map(\.target).filter { seen.insert($0).inserted }
  }

  /// A decision, for whoever only reads it.
  private static func words(_ choice: ValueChoice) -> String {
    switch choice.act {
    case .value(let word): label(of: word)
    case .newCategory(let name): "A new category “\(name)”"
    case .empty: empty(choice)
    case .reject: "The row stays behind"
    case nil: "Not decided"
    }
  }

  /// The source's word, with what it stands below there.
  private static func source(_ choice: ValueChoice) -> HTML {
    guard let above = choice.above else { return span(.dirAuto) { choice.value } }
    return span {
      span(.class("muted"), .dirAuto) { above.source.isEmpty ? above.becomes ?? "" : above.source }
      " › "
      span(.dirAuto) { choice.value }
    }
  }

  private static func choiceField(
    _ index: Int, _ choice: ValueChoice, _ entity: ImportEntity, _ forms: ValueForms
  ) -> HTML {
    let chosen = forms.fields?["v\(index)"] ?? stored(choice.shown)
    let error = ControlError("v\(index)", in: forms.errors)
    return HTML {
      select(
        .id(error.id), .name("v\(index)"), .aria("label", "What “\(choice.value)” becomes"), error.describedBy,
        error.invalid
      ) {
        option(.value(""), chosen.isEmpty ? .selected : nil) { "? Not decided" }
        for word in ValueWords.offered(choice.target, of: entity) {
          option(.value(word), word == chosen ? .selected : nil) { Self.label(of: word) }
        }
        rest(chosen, empty: empty(choice))
      }
      error.line
    }
  }

  /// What any value can become.
  static func rest(_ chosen: String, empty: String) -> HTML {
    HTML {
      option(.value(ValueForms.empty), chosen == ValueForms.empty ? .selected : nil) { empty }
      option(.value(ValueForms.reject), chosen == ValueForms.reject ? .selected : nil) { "The row stays behind" }
    }
  }

  /// What no word of ours means.
  static func empty(_ choice: ValueChoice) -> String {
    choice.above == nil ? "Nothing, as if it were empty" : "No category: the word stays with the case"
  }

  static func stored(_ act: ValueMapping.Act?) -> String {
    switch act {
    case .value(let word): word
    case .newCategory: ValueForms.new
    case .empty: ValueForms.empty
    case .reject: ValueForms.reject
    case nil: ""
    }
  }

  /// `Closed · archived · substantiated` of `closed/archived/substantiated`.
  static func label(of value: String) -> String {
    var parts = value.split(separator: "/")
    if parts.count > 1, parts[0] == parts[1] { parts.remove(at: 1) }
    return word(parts.joined(separator: " · "))
  }
}

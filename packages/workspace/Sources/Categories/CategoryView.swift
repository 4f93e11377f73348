// The page of one category, and the form in which one is added.

import Access
import EthicoTypes
import Markup
import Web

enum CategoryView {
  static func page(
    _ category: Category, _ others: CategoryChoices, _ history: [TrailStep], _ typed: FormState?, _ setback: Setback?,
    _ context: Inside
  ) -> Page {
    let settings = context.acting.path("settings")
    let list = SettingTab.categories.path(context.acting)
    let here = list.appending(category.id)
    let mayChange = context.acting.may(.manageSettings) && category.retiredAt == nil
    return Page(
      category.name, section: settings, crumbs: [Crumb("Settings", settings), Crumb("Categories", list)],
      trace: category.name, value: CategoryBody(category, context.acting)
    ) { frame in
      doneLine(category, frame)
      setbackPanel(setback)
      pageHead(category.name, facts: [.text(category.code), categoryBadge(category)])
      if setback?.isStale == true, let typed {
        storedBeside(category.fields, typed, names: others.names)
      }
      columns {
        if mayChange {
          form(category, others, typed ?? FormState(category.fields), here, frame)
        } else {
          panel("Category") { summary(category, others, context.acting) }
        }
        if mayChange { retiring(category, here, frame) }
      }
      historyPanel(history, names: others.names, frame)
    }
  }

  private static func doneLine(_ category: Category, _ frame: Frame) -> HTML {
    let words: String? =
      switch frame.done {
      case "added": "added."
      case "edited": "saved. Cases that are open keep their severity and their day."
      case "retired": "retired. New cases cannot take it."
      default: nil
      }
    return words.map { resultLine(.text("\(category.name) \($0)")) } ?? .nothing
  }

  private static func summary(_ category: Category, _ others: CategoryChoices, _ acting: ActingContext) -> HTML {
    let openCases: [(name: String, value: HTML)] =
      acting.may(.readCases) ? [("Open cases", .text(grouped(category.openCases)))] : []
    return properties(
      [
        ("Below", clientText(category.parentID.flatMap { others.names[$0.description] })),
        ("Severity", severityBadge(category.severity)),
        ("Days to close a case", .text(grouped(category.days))),
        ("New cases go to", leadOf(category)),
      ] + openCases)
  }

  private static func form(
    _ category: Category, _ others: CategoryChoices, _ state: FormState, _ here: Path, _ frame: Frame
  ) -> HTML {
    panel("Category") {
      postForm(here.appending("edit"), frame.secrets("edit"), version: category.version, state: state) {
        CategoryAddView.fields(state, others, of: category)
        formActs { submitButton("Save category") }
      }
    }
  }

  private static func retiring(_ category: Category, _ here: Path, _ frame: Frame) -> HTML {
    if let uses = category.uses {
      return panel("Retire") {
        p(.class("muted")) { "It has \(uses). A category can be retired once nothing open uses it." }
      }
    }
    return formDanger(
      "Retire", consequence: "0 open cases are in it. New cases cannot take it; closed ones go on naming it."
    ) {
      postForm(here.appending("retire"), frame.secrets("retire"), version: category.version, leaving: .silent) {
        formActs { submitButton("Retire category", style: .danger) }
      }
    }
  }
}

enum CategoryAddView {
  static func page(_ state: FormState, _ setback: Setback?, _ others: CategoryChoices, _ context: Inside) -> Page {
    let settings = context.acting.path("settings")
    let list = SettingTab.categories.path(context.acting)
    return Page(
      "Add a category", section: settings, crumbs: [Crumb("Settings", settings), Crumb("Categories", list)],
      value: VersionBody(version: nil)
    ) { frame in
      setbackPanel(setback)
      pageHead("Add a category")
      postForm(list, frame.secrets("add"), state: state) {
        fields(state, others, of: nil)
        formActs {
          submitButton("Add category")
          linkButton("Discard category", to: list, style: .quiet)
        }
      }
    }
  }

  /// The fields that adding and editing share.
  static func fields(_ state: FormState, _ others: CategoryChoices, of category: Category?) -> HTML {
    HTML {
      textField("name", label: "Name", state: state, maxLength: Category.nameLimit)
      textField(
        "code", label: "Code", help: "Short, as HSE; one category each.", state: state, maxLength: 20, size: .short)
      selectField("severity", label: "Severity at first", state: state, options: choices(Severity.self))
      textField("days", label: "Days to close a case", state: state, kind: .number, size: .short)
      selectField(
        "lead", label: "New cases go to",
        help: """
          They lead a case that gets this category while nobody does, unless they may not or are accused in it; the \
          case’s history says so.
          """,
        state: state, options: [("", "Nobody")] + others.leads(of: category), need: .optional)
      selectField(
        "parent", label: "Below", state: state,
        options: [("", "Nothing: it stands on its own")] + others.parents(of: category), need: .optional)
    }
  }
}

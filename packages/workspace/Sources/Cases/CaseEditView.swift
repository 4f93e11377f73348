// The form in which a case's words are changed.

import Access
import EthicoTypes
import Markup
import Web

enum CaseEditView {
  static func page(
    _ found: Case, _ state: FormState, _ categories: [Category], setback: Setback?, _ context: Inside
  ) -> Page {
    let here = context.acting.path("cases", found.id)
    let names = Dictionary(categories.map { ($0.id.description, $0.name) }) { one, _ in one }
    return Page(
      "Edit \(found.reference)", section: context.acting.path("cases"),
      crumbs: [Crumb("Cases", context.acting.path("cases")), Crumb(found.reference, here)],
      trace: found.reference, value: CaseEditBody(version: found.version)
    ) { frame in
      pageHead("Edit \(found.reference)", facts: [severityBadge(found.severity), stageBadge(found.stage)])
      setbackPanel(setback)
      if setback?.isStale == true { storedBeside(found.fields, state, names: names) }
      postForm(here.appending("edit"), frame.secrets("edit"), version: found.version, state: state) {
        textField("title", label: "Title", state: state, maxLength: CaseDraft.titleLimit, size: .long)
        textArea(
          "summary", label: "Summary", help: "What the case is about, for those who work on it.", state: state,
          need: .optional, rows: 8, maxLength: CaseDraft.summaryLimit)
        radioGroup("severity", label: "Severity", state: state, options: choices(Severity.self))
        selectField(
          "category", label: "Category", help: routingHelp(found), state: state,
          options: offered(categories, found))
        formActs {
          submitButton("Save case")
          linkButton("Discard changes", to: here, style: .quiet)
        }
      }
    }
  }

  /// What another category will do to the case.
  private static func routingHelp(_ found: Case) -> String {
    if let lead = found.lead { return "\(lead.name) goes on leading the case, whatever its category." }
    return """
      Nobody leads the case yet: with another category it goes to whom that one names, unless they may not lead it or \
      are accused in it.
      """
  }

  /// Those in use and the one that it has, each with whom it would go to.
  private static func offered(_ categories: [Category], _ found: Case) -> [Choice] {
    categories.filter { $0.retiredAt == nil || $0.id == found.categoryID }.map { category in
      let goesTo = found.lead == nil && category.id != found.categoryID ? category.lead?.name : nil
      return (category.id.description, category.name + (goesTo.map { " · goes to \($0)" } ?? ""))
    }
  }
}

private struct CaseEditBody: Encodable, Sendable {
  let version: Int
}

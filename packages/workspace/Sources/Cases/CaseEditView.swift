// The form in which a case's words are changed.

import Access
import EthicoTypes
import Markup
import Web

enum CaseEditView {
  static func page(_ found: Case, _ state: FormState, setback: Setback?, _ context: Inside) -> Page {
    let here = context.acting.path("cases", found.id)
    return Page(
      "Edit \(found.reference)", section: context.acting.path("cases"),
      crumbs: [Crumb("Cases", context.acting.path("cases")), Crumb(found.reference, here)],
      trace: found.reference, value: CaseEditBody(version: found.version)
    ) { frame in
      pageHead("Edit \(found.reference)", facts: [severityBadge(found.severity), stageBadge(found.stage)])
      setbackPanel(setback)
      if setback?.code == "stale" { stored(found, state) }
      postForm(here.appending("edit"), frame.secrets("edit"), version: found.version, state: state) {
        textField("title", label: "Title", state: state, maxLength: 200, size: .long)
        textArea(
          "summary", label: "Summary", help: "What the case is about, for those who work on it.", state: state,
          need: .optional, rows: 8, maxLength: 10_000)
        radioGroup("severity", label: "Severity", state: state, options: choices(Severity.self))
        formActs {
          submitButton("Save case")
          linkButton("Discard changes", to: here, style: .quiet)
        }
      }
    }
  }

  /// What is stored, beside what was typed: the person decides, and saves again.
  private static func stored(_ found: Case, _ state: FormState) -> HTML {
    panel("Stored now → what you typed") {
      diff(
        found.fields.compactMap { field in
          let typed = state.fields[field.name] ?? ""
          guard typed != field.value else { return nil }
          return FieldChange(label: word(field.name), before: field.value, after: typed)
        })
    }
  }
}

private struct CaseEditBody: Encodable, Sendable {
  let version: Int
}

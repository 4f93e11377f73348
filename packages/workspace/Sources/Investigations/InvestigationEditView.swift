// The form in which an investigation's words are changed.

import Access
import EthicoTypes
import Markup
import Web

enum InvestigationEditView {
  static func page(_ found: Investigation, _ state: FormState, setback: Setback?, _ context: Inside) -> Page {
    let cases = context.acting.path("cases")
    let here = cases.appending(found.caseID).appending("investigations").appending(found.id)
    return Page(
      "Edit \(found.title)", section: cases,
      crumbs: [
        Crumb("Cases", cases), Crumb(found.caseReference, cases.appending(found.caseID)), Crumb(found.title, here),
      ], trace: found.caseReference, value: InvestigationBody(found)
    ) { frame in
      pageHead("Edit investigation", facts: [.text(found.caseReference), investigationBadge(found.state)])
      setbackPanel(setback)
      if setback?.isStale == true { storedBeside(found.fields, state) }
      postForm(here.appending("edit"), frame.secrets("edit"), version: found.version, state: state) {
        textField("title", label: "Title", state: state, maxLength: InvestigationWords.titleLimit, size: .long)
        textArea(
          "plan", label: "Plan", state: state, need: .optional, rows: 8, maxLength: InvestigationWords.textLimit)
        textArea(
          "findings", label: "Findings", state: state, need: .optional, rows: 10,
          maxLength: InvestigationWords.textLimit)
        formActs {
          submitButton("Save investigation")
          linkButton("Discard changes", to: here, style: .quiet)
        }
      }
    }
  }
}

// The form that opens an investigation of a case.

import Access
import EthicoTypes
import Markup
import Web

enum InvestigationAddView {
  static func page(
    _ found: Case, _ candidates: [LeadCandidate], _ state: FormState, setback: Setback?, _ context: Inside
  ) -> Page {
    let cases = context.acting.path("cases")
    let here = cases.appending(found.id)
    return Page(
      "Open an investigation", section: cases, crumbs: [Crumb("Cases", cases), Crumb(found.reference, here)],
      trace: found.reference, value: InvestigationAddBody(candidates: candidates.map(\.person))
    ) { frame in
      pageHead("Open an investigation", facts: [.text(found.reference), clientText(found.title)])
      setbackPanel(setback)
      postForm(here.appending("investigations"), frame.secrets("open"), state: state) {
        textField("title", label: "Title", state: state, maxLength: InvestigationWords.titleLimit, size: .long)
        selectField(
          "investigator", label: "Investigator", state: state,
          options: [(value: "", label: "Nobody yet")] + candidates.map(\.investigatorChoice), need: .optional)
        textArea(
          "plan", label: "Plan", help: "What is to be found out, and how.", state: state, need: .optional, rows: 6,
          maxLength: InvestigationWords.textLimit)
        formActs {
          submitButton("Open investigation")
          linkButton("Discard investigation", to: here, style: .quiet)
        }
      }
    }
  }
}

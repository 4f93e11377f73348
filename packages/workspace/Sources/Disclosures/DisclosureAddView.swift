// The form in which a disclosure is written down for an employee.

import Access
import EthicoTypes
import Markup
import Web

enum DisclosureAddView {
  static func page(_ state: FormState, setback: Setback?, _ context: Inside) -> Page {
    let disclosures = context.acting.path("disclosures")
    return Page(
      "Add a disclosure", section: disclosures, crumbs: [Crumb("Disclosures", disclosures)], value: DisclosureAddBody()
    ) { frame in
      pageHead("Add a disclosure")
      setbackPanel(setback)
      postForm(disclosures, frame.secrets, state: state) {
        textField(
          "employee", label: "Employee", help: "The employee number, the e-mail address or the whole name.",
          state: state, maxLength: DisclosureDraft.employeeLimit)
        selectField(
          "kind", label: "Kind", state: state,
          options: [(value: "", label: "Choose a kind")] + choices(DisclosureKind.self))
        textField("title", label: "Title", state: state, maxLength: DisclosureDraft.titleLimit, size: .long)
        textArea(
          "body", label: "What is disclosed", help: "In the words of the employee.", state: state, rows: 6,
          maxLength: DisclosureDraft.bodyLimit)
        textField(
          "amount", label: "Value", help: "What it is worth, as 120 or 1,250.50.", state: state, need: .optional,
          maxLength: 20, size: .short)
        selectField(
          "currency", label: "Currency", state: state,
          options: [(value: "", label: "None")] + DisclosedValue.currencies.map { ($0, $0) }, need: .optional)
        formActs {
          submitButton("Add disclosure")
          linkButton("Discard disclosure", to: disclosures, style: .quiet)
        }
      }
    }
  }
}

// The form in which a ticket is added.

import Access
import EthicoTypes
import Markup
import Web

enum TicketAddView {
  static func page(_ state: FormState) -> Page {
    Page(
      "Add a ticket", section: "/tickets", crumbs: [Crumb("Tickets", "/tickets")], value: TicketFormBody()
    ) { frame in
      pageHead("Add a ticket")
      postForm("/tickets", frame.secrets("add"), state: state) {
        textField(
          "tenant", label: "Client", help: "Its slug, as acme-health: it stands on the client’s card.", state: state)
        textField(
          "subject", label: "Subject", help: "What is asked for, in a line.", state: state,
          maxLength: NewTicket.subjectLimit)
        radioGroup("priority", label: "Priority", state: state, options: choices(TicketPriority.self))
        textField("requester", label: "Asked for by", state: state, kind: .email, need: .optional)
        textField(
          "source", label: "Other system", help: "As zendesk, where the ticket has a number there.", state: state,
          need: .optional, maxLength: NewTicket.sourceLimit)
        textField(
          "external_id", label: "Number there", state: state, need: .optional,
          maxLength: NewTicket.externalIDLimit)
        textField(
          "url", label: "Address there", help: "Beginning with https://.", state: state, need: .optional,
          maxLength: NewTicket.urlLimit)
        formActs {
          submitButton("Add ticket", style: .primary)
          linkButton("Back to tickets", to: "/tickets", style: .quiet)
        }
      }
    }
  }
}

// The form in which a campaign is planned and its plan is changed.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum CampaignFormView {
  static func adding(
    _ state: FormState, _ offered: CampaignChoices, setback: Setback?, _ context: Inside
  ) -> Page {
    let campaigns = context.acting.path("campaigns")
    return Page(
      "Plan a campaign", section: campaigns, crumbs: [Crumb("Campaigns", campaigns)],
      value: CampaignFormBody(version: nil)
    ) { frame in
      setbackPanel(setback)
      pageHead("Plan a campaign")
      if offered.policies.isEmpty {
        nothingYet("There is no published policy yet", "A campaign asks for a policy that is published.")
      } else {
        postForm(campaigns, frame.secrets("add"), state: state) {
          campaignFields(state, offered)
          formActs {
            submitButton("Save plan")
            linkButton("Discard plan", to: campaigns, style: .quiet)
          }
        }
      }
    }
  }

  static func editing(
    _ found: Campaign, _ state: FormState, _ offered: CampaignChoices, setback: Setback?, _ context: Inside
  ) -> Page {
    let campaigns = context.acting.path("campaigns")
    let here = campaigns.appending(found.id)
    return Page(
      "Edit \(found.name)", section: campaigns, crumbs: [Crumb("Campaigns", campaigns), Crumb(found.name, here)],
      trace: found.name, value: CampaignFormBody(version: found.version)
    ) { frame in
      pageHead("Edit \(found.name)", facts: [campaignBadge(found.status)])
      setbackPanel(setback)
      if setback?.isStale == true { storedBeside(fields(found), state) }
      if found.status.isPlanned {
        postForm(here.appending("edit"), frame.secrets("edit"), version: found.version, state: state) {
          campaignFields(state, offered)
          formActs {
            submitButton("Save plan")
            linkButton("Discard changes", to: here, style: .quiet)
          }
        }
      } else {
        nothingYet(
          "This campaign is \(found.status.label.lowercased())",
          "Its policy, audience and day stay as they were when it began.",
          act: linkButton("Back to the campaign", to: here))
      }
    }
  }

  /// The stored values, as the form shows them.
  private static func fields(_ found: Campaign) -> [(name: String, value: String)] {
    [
      ("name", found.name), ("kind", found.kind.rawValue), ("audience", found.audience.kind.rawValue),
      ("due", CalendarDay.text(found.dueAt)), ("starts", found.startsAt.map(CalendarDay.text) ?? ""),
    ]
  }

  private static func campaignFields(_ state: FormState, _ offered: CampaignChoices) -> HTML {
    HTML {
      textField("name", label: "Name", state: state, maxLength: CampaignDraft.nameLimit, size: .long)
      selectField(
        "policy", label: "Policy", help: "Asked for in the version that is published now.", state: state,
        options: [("", "Choose a policy")]
          + offered.policies.map { ($0.id.description, "\($0.title), version \($0.number)") })
      radioGroup(
        "kind", label: "How an employee attests", state: state,
        options: AttestationKind.offered.map { ($0.rawValue, $0.label) })
      radioGroup("audience", label: "Whom it asks", state: state, options: choices(AudienceKind.self))
      if !offered.units.isEmpty {
        checkboxGroup(
          "units", label: "Org units", help: "Counts where org units are chosen above.", state: state,
          options: offered.units.map { ($0.id.uuidString.lowercased(), $0.label) })
      }
      textArea(
        "employees", label: "Employees", help: "Counts for a list: employee numbers or e-mail addresses, one a line.",
        state: state, need: .optional, rows: 4)
      textField(
        "due", label: "Due", help: "The last day, in UTC.", state: state, kind: .date, size: .short)
      textField(
        "starts", label: "Starts",
        help: "Scheduled, it starts by itself as this day begins, in UTC; empty to activate it by hand.", state: state,
        kind: .date, need: .optional, size: .short)
    }
  }
}

extension UnitChoice {
  /// `Clinics › Radiology · 200`.
  fileprivate var label: String {
    let path = parent.map { "\($0) › \(name)" } ?? name
    return employees == 0 ? path : "\(path) · \(grouped(employees))"
  }
}

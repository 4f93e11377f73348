// The page of one investigation: plan and findings on the left, who leads it and what may follow on the right.

import Access
import EthicoTypes
import Markup
import Web

enum InvestigationView {
  static func page(_ file: InvestigationFile, _ forms: InvestigationForms, _ context: Inside) -> Page {
    let found = file.investigation
    let cases = context.acting.path("cases")
    let here = cases.appending(found.caseID).appending("investigations").appending(found.id)
    return Page(
      found.title, section: cases,
      crumbs: [Crumb("Cases", cases), Crumb(found.caseReference, cases.appending(found.caseID))],
      trace: found.caseReference, value: InvestigationBody(found)
    ) { frame in
      doneLine(found, frame)
      setbackPanel(forms.setback)
      pageHead(found.title, facts: facts(found, cases, frame)) {
        if context.acting.may(.workCases) { linkButton("Edit investigation", to: here.appending("edit")) }
      }
      columns {
        div {
          words("Plan", found.plan)
          words("Findings", found.findings)
        }
        div {
          work(found, frame)
          if context.acting.may(.workCases) {
            if found.state != .closed { assignForm(file, forms.assignment, here, frame) }
            stateForm(found, forms.state, here, frame)
          }
        }
      }
      historyPanel(
        file.history,
        names: Dictionary(file.candidates.map { ($0.person.id.description, $0.person.name) }) { one, _ in one },
        frame)
    }
  }

  private static func doneLine(_ found: Investigation, _ frame: Frame) -> HTML {
    let sentence: String? =
      switch frame.done {
      case "opened": "Investigation opened."
      case "assigned": "\(found.investigator?.name ?? "Nobody") now investigates."
      case "moved": "The investigation is now \(found.state.label.lowercased())."
      case "edited": "Investigation saved."
      default: nil
      }
    return sentence.map { resultLine(.text($0)) } ?? .nothing
  }

  private static func facts(_ found: Investigation, _ cases: Path, _ frame: Frame) -> [HTML] {
    [
      HTML {
        "investigation of "
        a(.href(cases.appending(found.caseID))) { found.caseReference }
      },
      investigationBadge(found.state),
      HTML {
        "opened "
        frame.face.ago(found.row.openedAt)
      },
    ]
  }

  private static func words(_ title: String, _ text: String) -> HTML {
    panel(title) {
      if text.isEmpty { p(.class("muted")) { "Nothing written yet." } } else { prose(text) }
    }
  }

  private static func work(_ found: Investigation, _ frame: Frame) -> HTML {
    panel("Work") {
      properties([
        ("Investigator", clientText(found.investigator?.name)),
        ("State", investigationBadge(found.state)),
        ("Opened", frame.face.moment(found.row.openedAt)),
        ("Closed", found.closedAt.map { frame.face.moment($0) } ?? dash),
        ("Last change", frame.face.ago(found.changedAt)),
      ])
    }
  }

  private static func assignForm(
    _ file: InvestigationFile, _ state: FormState, _ here: Path, _ frame: Frame
  ) -> HTML {
    let found = file.investigation
    let people = file.candidates.filter { $0.person != found.investigator }
    return panel(found.investigator == nil ? "Assign" : "Reassign") {
      postForm(
        here.appending("assign"), frame.secrets("assign"), version: found.version, state: state, leaving: .silent
      ) {
        selectField(
          "investigator", label: "New investigator", state: state,
          options: [(value: "", label: "Choose a person")] + people.map(\.investigatorChoice))
        formActs {
          submitButton(found.investigator == nil ? "Assign investigation" : "Reassign investigation", style: .plain)
        }
      }
    }
  }

  private static func stateForm(_ found: Investigation, _ state: FormState, _ here: Path, _ frame: Frame) -> HTML {
    // A new one becomes assigned by its investigator.
    let next = found.investigator == nil ? [] : found.state.nextStates
    guard !next.isEmpty else { return .nothing }
    return panel("Change state") {
      postForm(here.appending("state"), frame.secrets("state"), version: found.version, state: state, leaving: .silent)
      {
        radioGroup("state", label: "Next state", state: state, options: next.map { ($0.rawValue, $0.label) })
        formActs { submitButton("Change state", style: .plain) }
      }
    }
  }
}

extension LeadCandidate {
  /// As a list of people to choose from shows them.
  var investigatorChoice: Choice {
    (value: person.id.description, label: "\(person.name) · \(role.label)")
  }
}

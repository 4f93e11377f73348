// The page of one disclosure: what was declared and decided on the left, what can be done on the right, history below.

import Access
import EthicoTypes
import Markup
import Web

enum DisclosureView {
  static func page(_ file: DisclosureFile, _ forms: DisclosureForms, _ context: Inside) -> Page {
    let found = file.disclosure
    let disclosures = context.acting.path("disclosures")
    let here = disclosures.appending(found.id)
    return Page(
      "\(found.reference) \(found.row.title)", section: disclosures, crumbs: [Crumb("Disclosures", disclosures)],
      trace: found.reference, value: DisclosureBody(file)
    ) { frame in
      doneLine(found, frame)
      setbackPanel(forms.setback)
      pageHead(found.row.title, facts: facts(file, frame))
      columns {
        div {
          panel("Disclosure, as submitted") { prose(found.body) }
          if let decision = found.decision { decided(decision, file, frame) }
          attachmentPanel(
            file.files, form: context.acting.may(.decideDisclosures) ? forms.attachment : nil, here, context.acting,
            frame)
        }
        div {
          properties(file, frame)
          importedPanels(file.imports, context.acting, frame)
          if context.acting.may(.decideDisclosures) { acts(found, forms, here, frame) }
        }
      }
      historyPanel(file.history, names: [found.row.employee.id.description: found.row.employee.name], frame)
      ImportedHistoryView.panel(file.imported, below: here, frame)
    }
  }

  private static func doneLine(_ found: Disclosure, _ frame: Frame) -> HTML {
    let sentence: String? =
      switch frame.done {
      case "created": "\(found.reference) added."
      case "review": "\(found.reference) is under review."
      case "decided": "\(found.reference) is now \(found.state.label.lowercased())."
      case "attached": "File attached."
      case "reopened": "\(found.reference) is under review again."
      default: nil
      }
    return sentence.map { resultLine(.text($0)) } ?? .nothing
  }

  private static func facts(_ file: DisclosureFile, _ frame: Frame) -> [HTML] {
    let found = file.disclosure
    return [
      .text(found.reference), disclosureBadge(found.state), .text(found.row.kind.label),
      clientText(found.row.employee.name),
      HTML {
        "submitted "
        frame.face.ago(found.row.submittedAt, ofDay: file.submittedDay)
      },
    ]
  }

  private static func decided(_ decision: String, _ file: DisclosureFile, _ frame: Frame) -> HTML {
    let found = file.disclosure
    return panel(found.state == .underReview ? "Decision before" : "Decision") {
      if let decidedAt = found.decidedAt {
        p(.class("facts muted")) { frame.face.moment(decidedAt, ofDay: file.decidedDay) }
      }
      prose(decision)
    }
  }

  private static func properties(_ file: DisclosureFile, _ frame: Frame) -> HTML {
    let found = file.disclosure
    return panel("Facts") {
      Web.properties([
        ("Employee", clientText(found.row.employee.name)),
        ("Employee number", clientText(found.row.employee.number)),
        ("Kind", .text(found.row.kind.label)),
        ("Value", found.row.value.map { .text($0.text) } ?? dash),
        ("State", disclosureBadge(found.state)),
        ("Submitted", frame.face.moment(found.row.submittedAt, ofDay: file.submittedDay)),
        ("Decided", found.decidedAt.map { frame.face.moment($0, ofDay: file.decidedDay) } ?? dash),
        ("Holds until", found.row.lastDay.map { .text($0) } ?? dash),
        ("Last change", frame.face.ago(found.changedAt)),
      ])
    }
  }

  // MARK: Acts

  private static func acts(_ found: Disclosure, _ forms: DisclosureForms, _ here: Path, _ frame: Frame) -> HTML {
    HTML {
      if found.state == .submitted {
        panel("Review") {
          p { "A decision follows a review." }
          actForm(
            "Start review", to: here.appending("review"), frame.secrets("review"), version: found.version,
            style: .primary)
        }
      }
      if !found.state.verdicts.isEmpty || forms.decision.fields.given("decision") != nil {
        decisionForm(found, forms.decision, here, frame)
      }
      if found.state.canReopen {
        panel("Reopen") {
          p { "Goes back under review. The decision stays in the history." }
          actForm(
            "Reopen disclosure", to: here.appending("reopen"), frame.secrets("reopen"), version: found.version,
            style: .plain)
        }
      }
    }
  }

  /// Stands there also when somebody else decided first: what was typed must not be lost.
  private static func decisionForm(_ found: Disclosure, _ state: FormState, _ here: Path, _ frame: Frame) -> HTML {
    let verdicts = found.state.verdicts
    // Who approves what had conditions keeps its last day, unless they take it away.
    let stored = found.row.lastDayTyped.map { [(name: "until", value: $0)] } ?? []
    let state = state.fields.pairs.isEmpty ? FormState(stored) : state
    return panel(found.state == .conditions ? "Conditions met" : "Decide") {
      postForm(
        here.appending("decide"), frame.secrets("decide"), version: found.version, state: state,
        refused: "Nothing was decided yet"
      ) {
        radioGroup("verdict", label: "Decision", state: state, options: verdicts.map { ($0.rawValue, $0.label) })
        textArea(
          "decision", label: "Reason", help: "The employee can read it.", state: state, rows: 4,
          maxLength: DecisionDraft.textLimit)
        textField(
          "until", label: "Holds until", help: "The last day on which an approval holds.", state: state, kind: .date,
          need: .optional, size: .short)
        if !verdicts.isEmpty { formActs { submitButton("Decide disclosure") } }
      }
    }
  }
}

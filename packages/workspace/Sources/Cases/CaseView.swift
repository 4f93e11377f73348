// The page of one case: what was reported on the left, the work on the right, history below.

import Access
import EthicoTypes
import Foundation
import Markup
import Web

enum CaseView {
  static func page(_ file: CaseFile, _ forms: CaseForms, _ context: Inside) -> Page {
    let found = file.case
    let here = context.acting.path("cases", found.id)
    return Page(
      "\(found.reference) \(found.title)", section: context.acting.path("cases"),
      crumbs: [Crumb("Cases", context.acting.path("cases"))], trace: found.reference, value: CaseBody(file)
    ) { frame in
      doneLine(frame, file)
      setbackPanel(forms.setback)
      pageHead(found.title, facts: facts(found, frame)) {
        if context.acting.may(.workCases) { linkButton("Edit case", to: here.appending("edit")) }
      }
      columns {
        div {
          reports(file.reports, frame)
          if !found.summary.isEmpty { panel("Summary") { paragraphs(found.summary) } }
          notes(file, forms, here, context, frame)
        }
        div {
          work(found, frame)
          if context.acting.may(.workCases) {
            assignForm(file, forms.assignment, here, frame)
            stageForm(found, forms.stage, here, frame)
          }
        }
      }
      historyPanel(
        file.history,
        names: Dictionary(file.candidates.map { ($0.person.id.description, $0.person.name) }) { one, _ in one },
        frame)
    }
  }

  private static func doneLine(_ frame: Frame, _ file: CaseFile) -> HTML {
    let found = file.case
    let sentence: String? =
      switch frame.done {
      case "assigned": "\(found.reference) is now led by \(found.lead?.name ?? "nobody")."
      case "moved": "\(found.reference) is now in stage \(found.stage.label.lowercased())."
      case "noted": "Note added."
      case "edited": "\(found.reference) saved."
      default: nil
      }
    return sentence.map { resultLine(.text($0)) } ?? .nothing
  }

  private static func facts(_ found: Case, _ frame: Frame) -> [HTML] {
    var facts: [HTML] = [
      .text(found.reference), severityBadge(found.severity), stageBadge(found.stage), clientText(found.category),
    ]
    if let outcome = found.outcome { facts.append(.text(outcome.label)) }
    if found.isOverdue(at: frame.face.now) {
      facts.append(badge("Overdue", .bad))
    } else if !found.stage.needsOutcome {
      facts.append(
        HTML {
          "due "
          frame.face.ago(found.dueAt)
        })
    }
    return facts
  }

  private static func reports(_ reports: [Report], _ frame: Frame) -> HTML {
    panel(reports.count > 1 ? "Reports, as received" : "Report, as received") {
      for report in reports {
        article(.class("stack")) {
          p(.class("facts muted")) {
            span { word(report.channel) }
            span { Locale(identifier: "en").localizedString(forIdentifier: report.language) ?? report.language }
            span { word(report.reporter) }
            if reports.count > 1 { span { report.reference } }
            frame.face.ago(report.receivedAt)
          }
          div(.lang(report.language)) { paragraphs(report.body) }
        }
      }
      if reports.isEmpty { p(.class("muted")) { "No report is linked to this case." } }
    }
  }

  private static func work(_ found: Case, _ frame: Frame) -> HTML {
    panel("Work") {
      properties([
        ("Lead", clientText(found.lead?.name)),
        ("Also on it", found.members.isEmpty ? dash : clientText(found.members.joined(separator: ", "))),
        ("Stage", stageBadge(found.stage)),
        ("Opened", frame.face.moment(found.openedAt)),
        ("Due", frame.face.moment(found.dueAt)),
        ("Closed", found.closedAt.map { frame.face.moment($0) } ?? dash),
        ("Last change", frame.face.ago(found.changedAt)),
      ])
    }
  }

  private static func assignForm(_ file: CaseFile, _ state: FormState, _ here: Path, _ frame: Frame) -> HTML {
    let people = file.candidates.filter { $0.person != file.case.lead }
    let options =
      [(value: "", label: "Choose a person")]
      + people.map {
        (value: $0.person.id.description, label: "\($0.person.name) · \($0.role.label) · \($0.load) open")
      }
    return panel(file.case.lead == nil ? "Assign" : "Reassign") {
      postForm(
        here.appending("assign"), frame.secrets("assign"), version: file.case.version, state: state, leaving: .silent
      ) {
        selectField("lead", label: "New lead", state: state, options: options)
        formActs { submitButton(file.case.lead == nil ? "Assign case" : "Reassign case") }
      }
    }
  }

  private static func stageForm(_ found: Case, _ state: FormState, _ here: Path, _ frame: Frame) -> HTML {
    let next = found.stage.nextStages.filter { $0 != .assigned || found.stage != .new }
    guard !next.isEmpty else { return .nothing }
    return panel("Change stage") {
      postForm(here.appending("stage"), frame.secrets("stage"), version: found.version, state: state, leaving: .silent)
      {
        radioGroup("stage", label: "Next stage", state: state, options: next.map { ($0.rawValue, $0.label) })
        if next.contains(where: \.needsOutcome) && found.outcome == nil {
          selectField(
            "outcome", label: "Outcome", help: "A closed case says how it came out.", state: state,
            options: [("", "None yet")] + choices(CaseOutcome.self), need: .optional)
        }
        if found.stage.needsOutcome {
          textField(
            "reason", label: "Reason", help: "Needed to open the case again.", state: state, need: .optional,
            maxLength: 500)
        }
        formActs { submitButton("Change stage", style: .plain) }
      }
    }
  }

  private static func notes(
    _ file: CaseFile, _ forms: CaseForms, _ here: Path, _ context: Inside, _ frame: Frame
  ) -> HTML {
    panel("Notes") {
      if file.notes.isEmpty {
        p(.class("muted")) { "No notes yet." }
      } else {
        div(.class("notes")) {
          for note in file.notes { noteView(note, frame) }
        }
      }
      if context.acting.may(.workCases) { noteForm(file.case, forms.note, here, frame) }
    }
  }

  private static func noteForm(_ found: Case, _ state: FormState, _ here: Path, _ frame: Frame) -> HTML {
    postForm(here.appending("notes"), frame.secrets("note"), version: found.version, state: state) {
      textArea("body", label: "New note", state: state, rows: 3, maxLength: 10_000)
      selectField(
        "visibility", label: "Who may read it", state: state,
        options: [("team", "The case's team"), ("all", "Everybody who may read cases"), ("private", "Only the author")])
      formActs { submitButton("Add note", style: .plain) }
    }
  }

  private static func noteView(_ note: Note, _ frame: Frame) -> HTML {
    article(.class("note")) {
      header {
        strong(.dirAuto) { note.author ?? "Ethico Support" }
        badge(note.visibility.label, note.visibility == .private ? .away : .neutral)
        frame.face.ago(note.createdAt)
      }
      paragraphs(note.body)
    }
  }
}

// The page of one case: what was reported on the left, the work on the right, history below.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum CaseView {
  static func page(_ file: CaseFile, _ forms: CaseForms, _ context: Inside) -> Page {
    let found = file.case
    let here = context.acting.path("cases", found.id)
    let isWorkedOn = context.acting.may(.workCases) && found.mergedInto == nil
    return Page(
      "\(found.reference) \(found.title)", section: context.acting.path("cases"),
      crumbs: [Crumb("Cases", context.acting.path("cases"))], trace: found.reference, value: CaseBody(file)
    ) { frame in
      doneLine(frame, file)
      setbackPanel(forms.setback)
      pageHead(found.title, facts: facts(file, frame)) {
        if isWorkedOn { linkButton("Edit case", to: here.appending("edit")) }
      }
      CaseMergeView.notice(on: found, context)
      columns {
        div {
          reports(file, here, frame)
          if !found.summary.isEmpty { panel("Summary") { prose(found.summary) } }
          messages(file, isWorkedOn ? forms.message : nil, here, frame)
          notes(file, isWorkedOn ? forms.note : nil, here, frame)
          attachmentPanel(file.files, form: isWorkedOn ? forms.attachment : nil, here, context.acting, frame)
        }
        div {
          work(file, frame)
          importedPanels(file.imports, context.acting, frame)
          investigations(file, here, mayOpen: isWorkedOn)
          if isWorkedOn { assignForm(file, forms.assignment, here, frame) }
          CaseMemberView.people(file, isWorkedOn ? forms.member : nil, here, frame)
          if context.acting.may(.workCases) { stageForm(found, forms.stage, here, frame) }
          if isWorkedOn { CaseOutcomeView.form(found, forms.outcome, here, frame) }
          if isWorkedOn {
            linkForm(forms.link, here, frame)
            CaseMergeView.offer(on: found, here)
          }
        }
      }
      historyPanel(file.history, names: file.names, joined: file.joined, frame)
      ImportedHistoryView.panel(file.imported, below: here, frame)
    }
  }

  private static func doneLine(_ frame: Frame, _ file: CaseFile) -> HTML {
    let found = file.case
    let sentence: String? =
      switch frame.done {
      case "assigned": "\(found.reference) is now led by \(found.lead?.name ?? "nobody")."
      case "member_added": "One more person works on \(found.reference)."
      case "member_removed": "One person fewer works on \(found.reference)."
      case "moved": "\(found.reference) is now in stage \(found.stage.label.lowercased())."
      case "corrected": "\(found.reference) came out as \(found.outcome?.label.lowercased() ?? "–")."
      case "noted": "Note added."
      case "written": "Message added."
      case "linked": "The report is linked to \(found.reference)."
      case "attached": "File attached."
      case "merged":
        found.mergedFrom.count == 1
          ? "\(found.mergedFrom[0].reference) is merged into \(found.reference)."
          : "The case is merged into \(found.reference)."
      case "edited": ["\(found.reference) saved.", found.routing].compactMap(\.self).joined(separator: " ")
      default: nil
      }
    return sentence.map { resultLine(.text($0)) } ?? .nothing
  }

  private static func facts(_ file: CaseFile, _ frame: Frame) -> [HTML] {
    let found = file.case
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
          frame.face.ago(found.dueAt, ofDay: file.dueDay)
        })
    }
    return facts
  }

  private static func reports(_ file: CaseFile, _ here: Path, _ frame: Frame) -> HTML {
    let reports = file.reports
    return panel(reports.count > 1 ? "Reports, as received" : "Report, as received") {
      for report in reports {
        article(.class("stack")) {
          p(.class("facts muted")) {
            span { report.channel.label }
            span { Locale(identifier: "en").localizedString(forIdentifier: report.language) ?? report.language }
            span { report.reporter.label }
            if reports.count > 1 { span { "\(report.reference), \(word(report.link.rawValue).lowercased())" } }
            frame.face.ago(report.receivedAt, ofDay: file.dayReceived(report))
          }
          div(.lang(report.language)) { prose(report.body) }
          reporterIdentity(
            isKnown: report.knowsReporter, revealed: file.revealed[report.id],
            at: here.appending("reports").appending(report.id).appending("reveal"), frame)
        }
      }
      if reports.isEmpty { p(.class("muted")) { "No report is linked to this case." } }
    }
  }

  private static func work(_ file: CaseFile, _ frame: Frame) -> HTML {
    let found = file.case
    return panel("Work") {
      properties([
        ("Lead", clientText(found.lead?.name)),
        ("Stage", stageBadge(found.stage)),
        ("Opened", frame.face.moment(found.openedAt, ofDay: file.openedDay)),
        ("Due", frame.face.moment(found.dueAt, ofDay: file.dueDay)),
        ("Closed", found.closedAt.map { frame.face.moment($0, ofDay: file.closedDay) } ?? dash),
        ("Last change", frame.face.ago(found.changedAt)),
      ])
      if let routing = found.routing { p(.class("muted"), .dirAuto) { routing } }
    }
  }

  private static func assignForm(_ file: CaseFile, _ state: FormState, _ here: Path, _ frame: Frame) -> HTML {
    let people = file.candidates.filter { $0.person != file.case.lead }
    let options = [(value: "", label: "Choose a person")] + LeadCandidate.choices(people)
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
    let next = found.nextStages.filter { $0 != .assigned || found.stage != .new }
    guard !next.isEmpty else { return .nothing }
    return panel("Change stage") {
      postForm(here.appending("stage"), frame.secrets("stage"), version: found.version, state: state, leaving: .silent)
      {
        radioGroup("stage", label: "Next stage", state: state, options: next.map { ($0.rawValue, $0.label) })
        if next.contains(where: \.needsOutcome) && found.outcome == nil {
          selectField(
            "outcome", label: "Outcome", help: "A closed case says how it came out.", state: state,
            options: [("", "None yet")] + CaseOutcome.chosen.map { ($0.rawValue, $0.label) }, need: .optional)
        }
        if found.stage.needsOutcome && next.contains(.active) {
          textField(
            "reason", label: "Reason", help: "Needed to open the case again.", state: state, need: .optional,
            maxLength: Case.reasonLimit)
        }
        formActs { submitButton("Change stage", style: .plain) }
      }
    }
  }

  private static func linkForm(_ state: FormState, _ here: Path, _ frame: Frame) -> HTML {
    panel("Link a report") {
      postForm(here.appending("reports"), frame.secrets("link"), state: state, leaving: .silent) {
        textField("report", label: "Reference", help: "As RPT-2026-00012.", state: state, maxLength: 40)
        radioGroup(
          "link", label: "What it is to this case", state: state,
          options: ReportLink.offered.map { ($0.rawValue, $0.label) })
        formActs { submitButton("Link report", style: .plain) }
      }
    }
  }

  private static func investigations(_ file: CaseFile, _ here: Path, mayOpen: Bool) -> HTML {
    panel("Investigations") {
      if file.investigations.isEmpty { p(.class("muted")) { "No investigation yet." } }
      if !file.investigations.isEmpty {
        ul {
          for row in file.investigations {
            li {
              a(.href(here.appending("investigations").appending(row.id)), .dirAuto) { row.title }
              span {
                investigationBadge(row.state)
                " "
                clientText(row.investigator?.name)
              }
            }
          }
        }
      }
      if mayOpen {
        formActs { linkButton("Open an investigation", to: here.appending("investigations").appending("new")) }
      }
    }
  }

  /// - Parameter form: what the form for another message holds; `nil` where nobody writes any more.
  private static func messages(_ file: CaseFile, _ form: FormState?, _ here: Path, _ frame: Frame) -> HTML {
    panel("Messages with the reporter") {
      if file.messages.isEmpty {
        p(.class("muted")) { "No messages yet." }
      } else {
        div(.class("notes")) {
          for message in file.messages { messageView(message, frame) }
        }
      }
      if let form { messageForm(form, here, frame) }
    }
  }

  private static func messageView(_ message: CaseMessage, _ frame: Frame) -> HTML {
    let isFromReporter = message.direction == .fromReporter
    return article(.class("note")) {
      header {
        strong(.dirAuto) { isFromReporter ? "Reporter" : message.author ?? "Ethico Support" }
        badge(message.direction.label, isFromReporter ? .info : .neutral)
        if isFromReporter, let author = message.author { span(.dirAuto) { "written down by \(author)" } }
        frame.face.ago(message.sentAt)
      }
      prose(message.body)
    }
  }

  private static func messageForm(_ state: FormState, _ here: Path, _ frame: Frame) -> HTML {
    postForm(here.appending("messages"), frame.secrets("message"), state: state) {
      textArea(
        "message", label: "New message", help: "The reporter reads it with the number of the report.", state: state,
        rows: 3, maxLength: MessageDraft.bodyLimit)
      radioGroup(
        "direction", label: "Who is speaking", state: state,
        options: [
          (MessageDirection.toReporter.rawValue, "We, to the reporter"),
          (MessageDirection.fromReporter.rawValue, "The reporter, in another way"),
        ])
      formActs { submitButton("Add message", style: .plain) }
    }
  }

  /// - Parameter form: what the form for another note holds; `nil` where nobody writes any more.
  private static func notes(_ file: CaseFile, _ form: FormState?, _ here: Path, _ frame: Frame) -> HTML {
    panel("Notes") {
      if file.notes.isEmpty {
        p(.class("muted")) { "No notes yet." }
      } else {
        div(.class("notes")) {
          for note in file.notes { noteView(note, frame) }
        }
      }
      if let form { noteForm(file.case, form, here, frame) }
    }
  }

  private static func noteForm(_ found: Case, _ state: FormState, _ here: Path, _ frame: Frame) -> HTML {
    postForm(here.appending("notes"), frame.secrets("note"), version: found.version, state: state) {
      textArea("body", label: "New note", state: state, rows: 3, maxLength: NoteDraft.bodyLimit)
      selectField("visibility", label: "Who may read it", state: state, options: readers(frame))
      formActs { submitButton("Add note", style: .plain) }
    }
  }

  /// Whose words these are is Ethico: where somebody is acted as, nobody could read a private note of theirs.
  private static func readers(_ frame: Frame) -> [(value: String, label: String)] {
    let readers = [("team", "The case's team"), ("all", "Everybody who may read cases")]
    return frame.acting?.subject == nil ? readers + [("private", "Only Ethico")] : readers
  }

  private static func noteView(_ note: Note, _ frame: Frame) -> HTML {
    article(.class("note")) {
      header {
        strong(.dirAuto) { note.author ?? "Ethico Support" }
        badge(note.visibility.label, note.visibility == .private ? .away : .neutral)
        frame.face.ago(note.createdAt)
      }
      prose(note.body)
    }
  }
}

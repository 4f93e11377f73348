// The page of one attestation: where it stands and what was done for the employee, and what can be done now.

import Access
import EthicoTypes
import Markup
import Web

enum AttestationView {
  static func page(_ file: AttestationFile, _ forms: AttestationForms, _ context: Inside) -> Page {
    let campaigns = context.acting.path("campaigns")
    let campaign = campaigns.appending(file.campaign.id)
    let all = campaign.appending("attestations")
    let found = file.attestation
    return Page(
      "Attestation of \(found.employee.name)", section: campaigns,
      crumbs: [
        Crumb("Campaigns", campaigns), Crumb(file.campaign.name, campaign), Crumb("Attestations", all),
      ],
      trace: found.employee.name, value: AttestationBody(file)
    ) { frame in
      doneLine(found, frame)
      setbackPanel(forms.setback)
      pageHead("Attestation of \(found.employee.name)", facts: facts(file))
      columns {
        div {
          state(file, context, frame)
          deeds(file, frame)
          importedPanels(file.imports, context.acting, frame)
        }
        if context.acting.may(.runCampaigns) && found.state.isOpen && !file.campaign.status.isEnded {
          div { acts(file, forms, all.appending(found.id), frame) }
        }
      }
      historyPanel(file.history, frame)
      ImportedHistoryView.panel(file.imported, below: all.appending(found.id), frame)
    }
  }

  private static func doneLine(_ found: Attestation, _ frame: Frame) -> HTML {
    let name = found.employee.name
    let sentence: String? =
      switch frame.done.flatMap(AttestationAct.init(rawValue:)) {
      case .complete: "Completed on behalf of \(name)."
      case .refuse: "The refusal of \(name) is noted; the attestation stays open."
      case .skip: "\(name) is skipped."
      case .extend: "\(name) has until \(frame.face.exact(found.dueAt))."
      case .remind: "A reminder for \(name) is noted. No e-mail is sent from here."
      case nil: nil
      }
    return sentence.map { resultLine(.text($0)) } ?? .nothing
  }

  private static func facts(_ file: AttestationFile) -> [HTML] {
    var facts: [HTML] = [attestationBadge(file.attestation.state)]
    if file.attestation.refusal != nil { facts.append(badge("Refused", .attention)) }
    facts.append(.text(file.attestation.employee.number))
    if let unit = file.attestation.employee.unit { facts.append(clientText(unit)) }
    facts.append(clientText(file.campaign.name))
    return facts
  }

  private static func state(_ file: AttestationFile, _ context: Inside, _ frame: Frame) -> HTML {
    let found = file.attestation
    let policy = file.campaign.policy
    return panel("Attestation") {
      properties([
        (
          "Policy",
          a(
            .href(context.acting.path("policies", policy.id).appending("versions").appending(policy.number)), .dirAuto
          ) { "\(policy.title), version \(policy.number)" }
        ),
        ("State", attestationBadge(found.state)),
        ("Due", frame.face.moment(found.dueAt, ofDay: file.dueDay)),
        ("Completed", found.completedAt.map { frame.face.moment($0, ofDay: file.completedDay) } ?? dash),
        ("Refused", found.refusal.map { frame.face.moment($0.at, ofDay: file.refusedDay) } ?? dash),
        ("Why refused", clientText(found.refusal?.reason)),
        ("Reminders", found.reminders == 0 ? dash : .text(grouped(found.reminders))),
        ("Last change", frame.face.ago(found.changedAt)),
      ])
    }
  }

  /// By whom, as whom, for whom.
  private static func deeds(_ file: AttestationFile, _ frame: Frame) -> HTML {
    panel("Done on behalf of \(file.attestation.employee.name)") {
      if file.deeds.isEmpty {
        p(.class("muted")) { "Nothing yet." }
      } else {
        dataTable(
          "Done on behalf of the employee", file.deeds,
          columns: [
            Column("What") { deed in
              deed.dueAfter.map { "Extended to \(frame.face.exact($0))" } ?? word(deed.act.done)
            },
            Column("By") { deed in span(.dirAuto) { deed.by.words } },
            Column("When") { frame.face.ago($0.at) },
            Column("Why") { clientText($0.reason) },
          ])
      }
    }
  }

  // MARK: Acts

  private static func acts(_ file: AttestationFile, _ forms: AttestationForms, _ here: Path, _ frame: Frame) -> HTML {
    let found = file.attestation
    return HTML {
      panel("Complete on their behalf") {
        actForm(.complete, "Complete attestation", found, forms, here, frame, style: .primary) {
          reason(.complete, "Note", "How they told you, as “signed on paper”.", forms, .optional)
        }
      }
      panel("Give more time") {
        actForm(.extend, "Extend", found, forms, here, frame) {
          textField(
            "due", label: "New day", help: "Later than the present one, in UTC.", state: forms.state(of: .extend),
            kind: .date, size: .short)
        }
      }
      if file.campaign.status == .active {
        panel("Remind") {
          p { "Notes a reminder. Sends 0 e-mails." }
          actForm(.remind, "Note a reminder", found, forms, here, frame) { HTML.nothing }
        }
      }
      if found.refusal == nil {
        panel("They refuse") {
          actForm(.refuse, "Note the refusal", found, forms, here, frame) {
            reason(.refuse, "Why", "In their words. The attestation stays open.", forms, .required)
          }
        }
      }
      formDanger("Skip", consequence: "\(found.employee.name) is no longer asked by this campaign.") {
        actForm(.skip, "Skip employee", found, forms, here, frame, style: .danger) {
          reason(.skip, "Why", "Kept with the attestation.", forms, .required)
        }
      }
    }
  }

  private static func actForm(
    _ act: AttestationAct, _ label: String, _ found: Attestation, _ forms: AttestationForms, _ here: Path,
    _ frame: Frame, style: ButtonStyle = .plain, @HTMLBuilder fields: () -> [HTML]
  ) -> HTML {
    postForm(
      here.appending(act.rawValue), frame.secrets(act.rawValue), version: found.version, state: forms.state(of: act),
      leaving: .silent
    ) {
      fields()
      formActs { submitButton(label, style: style) }
    }
  }

  private static func reason(
    _ act: AttestationAct, _ label: String, _ help: String, _ forms: AttestationForms, _ need: FieldNeed
  ) -> HTML {
    textField(
      act.reasonField, label: label, help: help, state: forms.state(of: act), need: need,
      maxLength: AttestationOrder.reasonLimit, size: .long)
  }
}

extension CampaignStatus {
  /// Whether nothing is done in it any more.
  fileprivate var isEnded: Bool { nextStatuses.isEmpty }
}

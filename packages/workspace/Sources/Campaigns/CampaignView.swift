// The page of one campaign: how far it has come, whom it asks, what is next, history below.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum CampaignView {
  static func page(_ file: CampaignFile, _ forms: CampaignForms, _ context: Inside) -> Page {
    let campaign = file.campaign
    let campaigns = context.acting.path("campaigns")
    let here = campaigns.appending(campaign.id)
    let count = context.query("count").flatMap(Int.init)
    return Page(
      campaign.name, section: campaigns, crumbs: [Crumb("Campaigns", campaigns)], trace: campaign.name,
      value: CampaignBody(file)
    ) { frame in
      doneLine(file, count, frame)
      setbackPanel(forms.setback)
      pageHead(campaign.name, facts: facts(file, frame)) {
        if campaign.status.isPlanned && context.acting.may(.runCampaigns) {
          linkButton("Edit plan", to: here.appending("edit"))
        }
      }
      campaignTabs(campaign, context, current: here)
      columns {
        div {
          progress(file, here)
          plan(file, context, frame)
        }
        if context.acting.may(.runCampaigns) {
          div { acts(file, forms, here, frame) }
        }
      }
      historyPanel(file.history, frame)
    }
  }

  private static func doneLine(_ file: CampaignFile, _ count: Int?, _ frame: Frame) -> HTML {
    let campaign = file.campaign
    let sentence: String? =
      switch frame.done {
      case "added": "\(campaign.name) is planned. Nobody is asked before it starts."
      case "edited": "\(campaign.name) saved."
      case "moved": "\(campaign.name) is now \(campaign.status.label.lowercased())."
      case "reminded":
        "\(counted(count ?? 0, "reminder")) noted. No e-mail is sent from here."
      case "reminding":
        "The reminders of so many employees are noted by a job, which begins now. No e-mail is sent from here."
      default: nil
      }
    return sentence.map { resultLine(.text($0)) } ?? .nothing
  }

  private static func facts(_ file: CampaignFile, _ frame: Frame) -> [HTML] {
    let campaign = file.campaign
    return [
      campaignBadge(campaign.status), startFact(campaign, frame),
      .text(file.audience),
      .text(counted(file.members, "employee")),
      HTML {
        "due "
        frame.face.ago(campaign.dueAt)
      },
    ].filter { !$0.isEmpty }
  }

  /// When a scheduled campaign starts, and that nobody has to do anything for it.
  private static func startFact(_ campaign: Campaign, _ frame: Frame) -> HTML {
    guard campaign.status == .scheduled, let startsAt = campaign.startsAt else { return .nothing }
    if campaign.isStartDue(at: frame.face.now) { return badge("Start is due", .attention) }
    return HTML {
      "starts by itself "
      frame.face.ago(startsAt)
    }
  }

  private static func progress(_ file: CampaignFile, _ here: Path) -> HTML {
    let progress = file.progress
    guard progress.total > 0 else {
      return panel("Progress") {
        p(.class("muted")) {
          file.campaign.status.isPlanned
            ? "Nobody is asked yet. Activating asks \(grouped(file.members)) employees." : "Nobody was asked."
        }
      }
    }
    let percent = progress.completed * 100 / progress.total
    let words = "\(grouped(progress.completed)) of \(grouped(progress.total)) completed, \(percent) %"
    return panel("Progress", aside: span(.class("count")) { words }) {
      barPicture(
        "Attestations by state", description: words,
        AttestationState.allCases.compactMap { state in
          progress.counts[state].map { Bar(state.label, $0, state.meaning) }
        })
      for act in file.ordered { p(.class("muted")) { underWay(act, open: progress.open) } }
      if progress.refused > 0 {
        p {
          a(.href(here.appending("attestations").query("only", "refused"))) {
            counted(
              progress.refused, "employee has refused and is still asked", "employees have refused and are still asked")
          }
        }
      }
    }
  }

  /// What a job is about to do to very many.
  private static func underWay(_ act: CampaignWork.Act, open: Int) -> String {
    switch act {
    case .close: "\(grouped(open)) open attestations are being closed by a job, all at once."
    case .remind: "Reminders are being noted by a job for all who are still asked."
    }
  }

  private static func plan(_ file: CampaignFile, _ context: Inside, _ frame: Frame) -> HTML {
    let campaign = file.campaign
    let policy = context.acting.path("policies", campaign.policy.id)
    return panel("Plan") {
      properties([
        (
          "Policy",
          a(.href(policy.appending("versions").appending(campaign.policy.number)), .dirAuto) {
            "\(campaign.policy.title), version \(campaign.policy.number)"
          }
        ),
        ("How an employee attests", .text(campaign.kind.label)),
        ("Whom it asks", clientText(file.audience)),
        ("Starts", campaign.startsAt.map { start(campaign, at: $0, frame) } ?? dash),
        ("Due", frame.face.moment(campaign.dueAt)),
        ("Activated", campaign.activatedAt.map { frame.face.moment($0) } ?? dash),
        ("Ended", campaign.endedAt.map { frame.face.moment($0) } ?? dash),
        ("Last change", frame.face.ago(campaign.changedAt)),
      ])
    }
  }

  private static func start(_ campaign: Campaign, at startsAt: Date, _ frame: Frame) -> HTML {
    HTML {
      frame.face.moment(startsAt)
      campaign.status == .scheduled ? ", by itself" : ""
    }
  }

  // MARK: Acts

  private static func acts(_ file: CampaignFile, _ forms: CampaignForms, _ here: Path, _ frame: Frame) -> HTML {
    let campaign = file.campaign
    let mayBeScheduled = campaign.mayBeScheduled(at: frame.face.now)
    let next = campaign.status.nextStatuses.filter { $0 != .cancelled && ($0 != .scheduled || mayBeScheduled) }
    return HTML {
      if !next.isEmpty {
        panel("Next step") {
          postForm(
            here.appending("move"), frame.secrets("move"), version: campaign.version, state: forms.move,
            leaving: .silent
          ) {
            if campaign.isStartDue(at: frame.face.now), let hindrance = file.hindrance(at: frame.face.now) {
              p { "It did not start by itself. \(hindrance)" }
            }
            nextSteps(next.map { ($0.rawValue, words(for: $0, file)) }, forms.move)
            formActs {
              submitButton(next.count == 1 ? words(for: next[0], file) : "Change campaign status", style: .plain)
            }
          }
          if campaign.status == .draft && !mayBeScheduled { startDayFirst(campaign, here) }
        }
      }
      if campaign.status == .active && file.progress.open > 0 { reminder(file, here, frame) }
      if campaign.status.nextStatuses.contains(.cancelled) { cancellation(file, here, frame) }
    }
  }

  /// In the place of a step that would be refused: what has to be done before it.
  private static func startDayFirst(_ campaign: Campaign, _ here: Path) -> HTML {
    p(.class("muted")) {
      "To have it start by itself: "
      a(.href(here.appending("edit"))) { "Give it a start day first" }
      campaign.startsAt == nil ? "." : ", one to come."
    }
  }

  /// A move as somebody decides on it, with what it does to how many.
  private static func words(for next: CampaignStatus, _ file: CampaignFile) -> String {
    switch next {
    case .active:
      file.campaign.status == .paused
        ? "Go on" : "Activate: asks \(counted(file.members, "employee"))"
    case .scheduled:
      "Schedule: starts by itself"
        + (file.campaign.startsAt.map { " on \(ClockFace.dayOfUTC($0)), UTC" } ?? "")
    case .paused: "Pause: nobody is reminded"
    case .completed: "Complete: \(grouped(file.progress.open)) open attestations expire"
    case .draft, .cancelled: next.label
    }
  }

  private static func reminder(_ file: CampaignFile, _ here: Path, _ frame: Frame) -> HTML {
    panel("Remind") {
      p { "Notes a reminder for each of the \(grouped(file.progress.open)) who are still asked. Sends 0 e-mails." }
      postForm(here.appending("remind"), frame.secrets("remind"), version: file.campaign.version, leaving: .silent) {
        formActs { submitButton("Note a reminder for all", style: .plain) }
      }
    }
  }

  private static func cancellation(_ file: CampaignFile, _ here: Path, _ frame: Frame) -> HTML {
    let open = file.progress.open
    let effect = counted(open, "open attestation is skipped", "open attestations are skipped")
    return formDanger(
      "Cancel the campaign",
      consequence: (file.campaign.status.isPlanned ? "Nobody is asked" : effect) + ". It cannot be taken up again."
    ) {
      postForm(here.appending("move"), frame.secrets("cancel"), version: file.campaign.version, leaving: .silent) {
        hiddenField("to", CampaignStatus.cancelled.rawValue)
        formActs { submitButton("Cancel campaign", style: .danger) }
      }
    }
  }
}

/// The two pages of a campaign.
func campaignTabs(_ campaign: Campaign, _ context: Inside, current: Path) -> HTML {
  let here = context.acting.path("campaigns", campaign.id)
  return tabs(
    "Campaign", [("Campaign", here), ("Attestations", here.appending("attestations"))], current: current)
}

extension AttestationState {
  /// The same on every page.
  var meaning: Meaning {
    switch self {
    case .completed: .good
    case .inProgress: .info
    case .notified: .away
    case .pending, .skipped: .neutral
    case .overdue: .bad
    case .expired: .attention
    }
  }
}

/// The badge of where an attestation stands.
func attestationBadge(_ state: AttestationState) -> HTML {
  badge(state.label, state.meaning)
}

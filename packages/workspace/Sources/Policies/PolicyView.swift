// The page of one policy: its text on the left, what can be done and its versions on the right, history below.

import Access
import EthicoTypes
import Markup
import Web

enum PolicyView {
  static func page(_ file: PolicyFile, _ forms: PolicyForms, _ context: Inside) -> Page {
    let policy = file.policy
    let policies = context.acting.path("policies")
    let here = policies.appending(policy.id)
    return Page(
      policy.title, section: policies, crumbs: [Crumb("Policies", policies)], trace: policy.title,
      value: PolicyBody(file)
    ) { frame in
      doneLine(policy, frame)
      setbackPanel(forms.setback)
      pageHead(policy.title, facts: facts(file, frame)) {
        if policy.isDraft && context.acting.may(.editPolicies) {
          linkButton(
            policy.working.status == nil ? "Edit draft" : "Edit working copy", to: here.appending("edit"),
            style: .primary)
        }
      }
      columns {
        div {
          if file.sight == .everything && policy.hasUnpublishedText { workingText(file) }
          if let current = file.current { currentText(current, policy) }
          files(file, forms, here, context, frame)
          if context.acting.may(.readCampaigns) && !file.campaigns.isEmpty { campaigns(file, context, frame) }
        }
        div {
          if file.sight == .everything { acts(file, forms, here, context, frame) }
          versions(file, here, frame)
          importedPanels(file.imports, context.acting, frame)
          if file.sight == .everything { dangers(file, here, context, frame) }
        }
      }
      historyPanel(file.history, names: [policy.id.description: policy.title], frame)
      ImportedHistoryView.panel(file.imported, below: here, frame)
    }
  }

  private static func doneLine(_ policy: Policy, _ frame: Frame) -> HTML {
    let sentence: String? =
      switch frame.done {
      case "added": "\(policy.title) is a draft."
      case "edited": "The draft of \(policy.title) is saved."
      case "revised": "\(policy.title) has a working copy. What is published stays until the next version."
      case "attached": "File attached."
      case "discarded": "The working copy of \(policy.title) is discarded."
      case "moved": moved(policy)
      default: nil
      }
    return sentence.map { resultLine(.text($0)) } ?? .nothing
  }

  private static func moved(_ policy: Policy) -> String {
    switch policy.openStatus {
    case .published: "\(policy.title) is published as version \(policy.currentVersion ?? 1)."
    case .draft, .pendingApproval, .approved, .retired:
      policy.working.status == nil
        ? "\(policy.title) is now \(policy.status.label.lowercased())."
        : "The working copy of \(policy.title) is now \(policy.openStatus.label.lowercased())."
    }
  }

  private static func facts(_ file: PolicyFile, _ frame: Frame) -> [HTML] {
    var facts: [HTML] = [.text(file.policy.type.label), policyBadge(file.policy.status)]
    if let number = file.policy.number { facts.insert(.text(number), at: 0) }
    if let copy = file.policy.working.status, file.sight == .everything { facts.append(workingCopyBadge(copy)) }
    facts.append(.text(languageName(file.policy.language)))
    if let current = file.current {
      facts.append(
        HTML {
          "version \(current.number), published "
          frame.face.ago(current.publishedAt)
        })
    }
    return facts
  }

  // MARK: Text

  private static func workingText(_ file: PolicyFile) -> HTML {
    let working = file.policy.working
    return panel(
      file.policy.currentVersion == nil ? "Text" : "Text on its way to version \(file.policy.nextVersion)",
      aside: policyBadge(file.policy.openStatus)
    ) {
      if let current = file.current {
        if current.title == working.title && current.body == working.body {
          p(.class("muted")) { "Nothing is changed yet against version \(current.number)." }
        } else {
          policyDiff([("Title", current.title, working.title), ("Text", current.body, working.body)])
        }
      } else if working.body.isEmpty {
        p(.class("muted")) { "Nothing is written yet." }
      } else {
        policyText(working.body, file.policy.language)
      }
    }
  }

  private static func currentText(_ current: PolicyVersion, _ policy: Policy) -> HTML {
    panel(policy.status == .published ? "Published text" : "Text of version \(current.number)") {
      policyText(current.body, current.language)
    }
  }

  private static func versions(_ file: PolicyFile, _ here: Path, _ frame: Frame) -> HTML {
    panel("Versions", aside: span(.class("count")) { grouped(file.versions.count) }) {
      if file.versions.isEmpty {
        p(.class("muted")) { "Nothing has been published yet." }
      } else {
        dataTable(
          "Versions", file.versions,
          columns: [
            Column("Version", kind: .link) { row in
              a(.href(here.appending("versions").appending(row.number))) { "Version \(row.number)" }
            },
            Column("Published") { frame.face.ago($0.publishedAt) },
            Column("What changed") { clientText($0.changeNote) },
          ])
      }
    }
  }

  private static func campaigns(_ file: PolicyFile, _ context: Inside, _ frame: Frame) -> HTML {
    let all = context.acting.path("campaigns").query("policy", file.policy.id)
    return panel("Campaigns that ask for it", aside: a(.href(all)) { "All of them" }) {
      campaignTable(file.campaigns, context, frame)
    }
  }

  private static func files(
    _ file: PolicyFile, _ forms: PolicyForms, _ here: Path, _ context: Inside, _ frame: Frame
  ) -> HTML {
    let mayAttach = context.acting.may(.editPolicies)
    if file.files.all.isEmpty && !mayAttach { return .nothing }
    return attachmentPanel(
      file.files, form: mayAttach ? forms.attachment : nil, mayBeInternal: true, here, context.acting, frame)
  }

  // MARK: Acts

  private static func acts(
    _ file: PolicyFile, _ forms: PolicyForms, _ here: Path, _ context: Inside, _ frame: Frame
  ) -> HTML {
    let policy = file.policy
    let acting = context.acting
    let moves = policy.moves.filter { next in next != .retired && next.movers.contains { acting.may($0) } }
    return HTML {
      if !moves.isEmpty { moveForm(policy, moves, forms.move, here, frame) }
      if policy.status == .published && policy.working.status == nil && acting.may(.editPolicies) {
        panel("Working copy") {
          p { "Edit the text while version \(policy.currentVersion ?? 1) stays published." }
          actForm(
            "Begin a working copy", to: here.appending("revise"), frame.secrets("revise"), version: policy.version)
        }
      }
      if policy.status == .published && acting.may(.runCampaigns) {
        panel("Campaign") {
          p { "Ask employees to attest version \(policy.currentVersion ?? 1)." }
          div(.class("form-acts")) {
            linkButton("Plan a campaign", to: acting.path("campaigns", "new").query("policy", policy.id))
          }
        }
      }
    }
  }

  private static func dangers(_ file: PolicyFile, _ here: Path, _ context: Inside, _ frame: Frame) -> HTML {
    let policy = file.policy
    return HTML {
      if policy.working.status == .draft && context.acting.may(.editPolicies) {
        formDanger(
          "Discard the working copy",
          consequence: "\(changesWords(file)) lost. Version \(policy.currentVersion ?? 1) stays published."
        ) {
          actForm(
            "Discard working copy", to: here.appending("discard"), frame.secrets("discard"), version: policy.version,
            style: .danger)
        }
      }
      if policy.moves.contains(.retired) && context.acting.may(.publishPolicies) { retirement(policy, here, frame) }
    }
  }

  /// `2 changes, to the title and to the text, are`.
  private static func changesWords(_ file: PolicyFile) -> String {
    let working = file.policy.working
    var changed: [String] = []
    if working.title != file.current?.title { changed.append("to the title") }
    if working.body != file.current?.body { changed.append("to the text") }
    let places = changed.joined(separator: " and ")
    switch changed.count {
    case 0: return "0 changes are"
    case 1: return "1 change, \(places), is"
    default: return "\(changed.count) changes, \(places), are"
    }
  }

  private static func moveForm(
    _ policy: Policy, _ moves: [PolicyStatus], _ state: FormState, _ here: Path, _ frame: Frame
  ) -> HTML {
    panel("Next step") {
      postForm(here.appending("move"), frame.secrets("move"), version: policy.version, state: state, leaving: .silent) {
        nextSteps(moves.map { ($0.rawValue, policy.words(for: $0)) }, state)
        if moves.contains(.published) {
          textField(
            "note", label: "What changed", help: "One sentence, kept with the version.", state: state, need: .optional,
            maxLength: PolicyDraft.noteLimit, size: .long)
        }
        formActs {
          submitButton(moves.count == 1 ? policy.words(for: moves[0]) : "Change policy status", style: .plain)
        }
      }
    }
  }

  private static func retirement(_ policy: Policy, _ here: Path, _ frame: Frame) -> HTML {
    formDanger(
      "Retire",
      consequence: "Everybody at the client stops seeing \(policy.title). \(policy.versionsWords) on record."
    ) {
      postForm(
        here.appending("move"), frame.secrets("retire"), version: policy.version, leaving: .silent
      ) {
        hiddenField("to", PolicyStatus.retired.rawValue)
        formActs { submitButton("Retire policy", style: .danger) }
      }
    }
  }
}

extension Policy {
  /// A move as somebody decides on it.
  fileprivate func words(for next: PolicyStatus) -> String {
    switch next {
    case .pendingApproval: "Submit for approval"
    case .approved: "Approve"
    case .published: "Publish as version \(nextVersion)"
    case .retired: "Retire"
    case .draft: openStatus == .retired ? "Draft it again" : "Send back to draft"
    }
  }

  fileprivate var versionsWords: String {
    "Its " + counted(lastVersion ?? 0, "version stays", "versions stay")
  }
}

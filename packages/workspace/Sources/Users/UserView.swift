// The page of one user: who they are and what they lead on the left, what can be done on the right, history below.

import Access
import EthicoTypes
import Markup
import Web

enum UserView {
  static func page(_ file: ClientUserFile, _ forms: UserForms, _ context: Inside) -> Page {
    let user = file.user
    let people = context.acting.path("people")
    let here = people.appending(user.id)
    return Page(
      user.name, section: people, crumbs: [Crumb("People", people)], trace: user.name, value: ClientUserBody(file)
    ) { frame in
      doneLine(user, frame)
      setbackPanel(forms.setback)
      pageHead(user.name, facts: [clientText(user.email), .text(user.role.label), userStateBadge(user.state)]) {
        if user.state == .active && user.id != context.acting.subject?.id {
          linkButton("Act as \(user.name)", to: .enter(from: context.acting, as: user.email))
        }
        if context.acting.may(.manageUsers) { linkButton("Edit person", to: here.appending("edit")) }
      }
      columns {
        div {
          person(user, frame)
          ledCases(file.led, context, frame)
        }
        if context.acting.may(.manageUsers) {
          div {
            roleForm(user, forms, here, frame)
            if user.state.nextStates.contains(.active) { reactivation(user, here, frame) }
            if user.state.nextStates.contains(.deactivated) { deactivation(file, here, frame) }
            if user.state != .invited { endOfSessions(user, here, frame) }
            if user.secondFactorSince != nil { secondFactorReset(user, here, frame) }
          }
        }
      }
      historyPanel(file.history, frame)
    }
  }

  private static func doneLine(_ user: ClientUserRecord, _ frame: Frame) -> HTML {
    let sentence: String? =
      switch frame.done {
      case "invited": "\(user.name) is invited."
      case "edited": "\(user.name) saved."
      case "role": "\(user.name) now has the role \(user.role.label)."
      case "deactivated": "\(user.name) is deactivated and signed out everywhere."
      case "reactivated": "\(user.name) is active again."
      case "sessions_ended": "\(user.name) is signed out everywhere."
      case "second_factor_reset": "The second factor of \(user.name) is reset."
      default: nil
      }
    return sentence.map { resultLine(.text($0)) } ?? .nothing
  }

  private static func person(_ user: ClientUserRecord, _ frame: Frame) -> HTML {
    panel("Person") {
      properties([
        ("E-mail", clientText(user.email)),
        ("Job title", clientText(user.title)),
        ("Role", .text(user.role.label)),
        ("State", userStateBadge(user.state)),
        ("Invited", frame.face.moment(user.invitedAt)),
        ("Last sign-in", user.lastSignInAt.map { frame.face.moment($0) } ?? never),
        ("Second factor", user.secondFactorSince.map { frame.face.moment($0) } ?? "None"),
        ("Sessions ended", user.sessionsEndedAt.map { frame.face.moment($0) } ?? never),
        ("Last change", frame.face.ago(user.changedAt)),
      ])
    }
  }

  private static func ledCases(_ led: LedCases, _ context: Inside, _ frame: Frame) -> HTML {
    panel("Open cases they lead", aside: span(.class("count")) { grouped(led.count) }) {
      if led.first.isEmpty {
        p(.class("muted")) { "No open case is led by this person." }
      } else {
        ledTable(led.first, context, frame)
      }
      if led.count > led.first.count {
        p(.class("muted")) { "The \(grouped(led.first.count)) due first are shown." }
      }
    }
  }

  private static func ledTable(_ cases: [LedCase], _ context: Inside, _ frame: Frame) -> HTML {
    dataTable(
      "Open cases they lead", cases,
      columns: [
        Column("Reference", kind: .link) { row in
          if context.acting.may(.readCases) {
            a(.href(context.acting.path("cases", row.id))) { row.reference }
          } else {
            row.reference
          }
        },
        Column("Title") { clientText($0.title) },
        Column("Severity") { severityBadge($0.severity) },
        Column("Stage") { stageBadge($0.stage) },
        Column("Due") { frame.face.ago($0.dueAt) },
      ])
  }

  // MARK: Acts

  private static func roleForm(_ user: ClientUserRecord, _ forms: UserForms, _ here: Path, _ frame: Frame) -> HTML {
    let state = forms.role ?? FormState([(name: "role", value: user.role.rawValue)])
    return panel("Change role") {
      postForm(here.appending("role"), frame.secrets("role"), version: user.version, state: state, leaving: .silent) {
        selectField("role", label: "Role", state: state, options: choices(ClientRole.self))
        formActs { submitButton("Change role", style: .plain) }
      }
    }
  }

  private static func reactivation(_ user: ClientUserRecord, _ here: Path, _ frame: Frame) -> HTML {
    panel("Reactivate") {
      p { "\(user.name) can sign in again, with the role \(user.role.label)." }
      actForm(
        "Reactivate person", to: here.appending("reactivate"), frame.secrets("reactivate"), version: user.version,
        style: .plain)
    }
  }

  private static func deactivation(_ file: ClientUserFile, _ here: Path, _ frame: Frame) -> HTML {
    formDanger(
      "Deactivate",
      consequence: "\(file.user.name) can no longer sign in, is signed out everywhere and \(leads(file.led.count))."
    ) {
      actForm(
        "Deactivate person", to: here.appending("deactivate"), frame.secrets("deactivate"), version: file.user.version,
        style: .danger)
    }
  }

  private static func leads(_ count: Int) -> String {
    switch count {
    case 0: "leads no open case"
    case 1: "leads 1 open case; it keeps its lead until reassigned"
    default: "leads \(grouped(count)) open cases; they keep their lead until reassigned"
    }
  }

  private static func endOfSessions(_ user: ClientUserRecord, _ here: Path, _ frame: Frame) -> HTML {
    formDanger(
      "End sessions", consequence: "Signs \(user.name) out on every device; what is not saved there is lost."
    ) {
      actForm(
        "End all sessions", to: here.appending("end-sessions"), frame.secrets("end-sessions"), version: user.version,
        style: .danger)
    }
  }

  private static func secondFactorReset(_ user: ClientUserRecord, _ here: Path, _ frame: Frame) -> HTML {
    formDanger(
      "Reset second factor", consequence: "\(user.name) has to set up 1 new second factor at the next sign-in."
    ) {
      actForm(
        "Reset second factor", to: here.appending("reset-second-factor"), frame.secrets("reset-second-factor"),
        version: user.version,
        style: .danger)
    }
  }
}

// The page of one staff person: what they may do and why on the left, what can be done to them on the right, and below
// what was done.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum StaffView {
  static func page(
    _ file: StaffFile, _ presets: [CapabilityPreset], _ history: TrailPage, _ forms: PageForms, _ viewer: Staff
  ) -> Page {
    let person = file.person
    let isSelf = person.id == viewer.id
    return Page(
      person.name, section: "/staff", crumbs: [Crumb("Staff", "/staff")], value: StaffFileBody(file)
    ) { frame in
      doneLine(person, frame)
      setbackPanel(forms.setback)
      pageHead(person.name, facts: facts(person, isSelf))
      if let lock = person.lock { lockNotice(person, lock, frame) }
      columns {
        div {
          CapabilityPanel.view(file, frame)
          PresencePanel.accesses(file, frame)
          PresencePanel.signIns(file, current: isSelf ? frame.signedIn?.session.id : nil, frame)
        }
        div {
          about(person, frame)
          StaffActs.view(file, presets, forms, isSelf ? .oneself : .another, frame)
        }
      }
      historyPanel(history, person, viewer, frame)
    }
  }

  private static func doneLine(_ person: StaffRecord, _ frame: Frame) -> HTML {
    result(
      frame,
      [
        "invited": "\(person.name) is invited. Grant below what they may do.",
        "granted": "Granted; it counts from their next request on.",
        "taken": "Taken; it counts from their next request on.",
        "locked": "\(person.name) is locked and signed out everywhere.",
        "unlocked": "\(person.name) can sign in again.",
        "deactivated": "\(person.name) is deactivated.",
        "reactivated": "\(person.name) is back. Grant below what they may do.",
        "sign_ins_ended": "Signed out.",
        "access_ended": "The access has ended.",
      ])
  }

  private static func facts(_ person: StaffRecord, _ isSelf: Bool) -> [HTML] {
    var facts = [staffStateBadge(person.state), clientText(person.email)]
    facts += person.presets.map { .text(presetLabel($0)) }
    if isSelf { facts.append("this is you") }
    return facts
  }

  private static func lockNotice(_ person: StaffRecord, _ lock: StaffRecord.Lock, _ frame: Frame) -> HTML {
    let waiting = person.openAccesses
    return section(.class("notice"), .data("meaning", "bad")) {
      h2 { "Locked" }
      p {
        "By \(lock.by), "
        frame.face.ago(lock.at)
        ": "
        span(.dirAuto) { lock.reason }
      }
      if waiting > 0 {
        p { counted(waiting, "access waits until unlocking.", "accesses wait until unlocking.") }
      }
    }
  }

  private static func about(_ person: StaffRecord, _ frame: Frame) -> HTML {
    panel("Person") {
      properties([
        ("E-mail", clientText(person.email)),
        ("State", staffStateBadge(person.state)),
        (
          "Reports to",
          person.reportsTo.map { manager in a(.href(.staff(manager.id)), .dirAuto) { manager.name } } ?? dash
        ),
        ("Time zone", .text(person.timezone)),
        ("Invited", frame.face.moment(person.invitedAt)),
        ("Last sign-in", person.lastSignInAt.map { frame.face.moment($0) } ?? never),
      ])
    }
  }

  private static func historyPanel(
    _ history: TrailPage, _ person: StaffRecord, _ viewer: Staff, _ frame: Frame
  ) -> HTML {
    let names = TrailNames(history.steps, staff: ["staff:\(person.id)": person.name])
    return panel("History") {
      if history.steps.isEmpty {
        p(.class("muted")) { "Nothing was done to \(person.name) since the trail began." }
      } else {
        let reading = TrailReading(.person(person.id), by: viewer)
        timeline(history.steps.map { $0.shown(reading, names, frame.face) }, frame.face)
      }
    }
  }
}

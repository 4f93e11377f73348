// Open accesses as a list, and the card of one that was left.

import Access
import EthicoTypes
import Foundation
import Markup
import Web

/// One's open accesses, each with the way in and the way out.
func accessList(_ accesses: [Impersonation], _ frame: Frame) -> HTML {
  ul {
    for access in accesses {
      li {
        a(.href(.access(access.id)), .dirAuto) { access.tenant.name }
        span(.class("muted")) { accessWords(access, frame) }
        div(.class("acts")) {
          postButton(
            "Exit", to: Path.access(access.id).appending("exit"), frame.secrets("exit-" + access.id.description),
            style: .small)
        }
      }
    }
  }
}

private func accessWords(_ access: Impersonation, _ frame: Frame) -> String {
  let person = access.subject.map { "as " + $0.name } ?? "without a user"
  let ticket = access.ticket.map { " · " + $0 } ?? ""
  return "\(person) · \(frame.face.elapsed(since: access.startedAt))\(ticket)"
}

enum ExitCardView {
  static func page(_ access: Impersonation, _ tally: AccessTally, _ context: StaffContext<ActInWorkspace>) -> Page {
    let tenant = access.tenant
    return Page("Left \(tenant.name)", section: "/", crumbs: [Crumb(tenant.name, .card(tenant))], value: tally) { frame in
      if access.ending != nil {
        resultLine(.text("You have left \(tenant.name)."))
      }
      pageHead("You have left \(tenant.name)", facts: [.text(words(tally))]) {
        linkButton("See what you did", to: .timeline(access.id), style: .primary)
        if tenant.status != .closed { linkButton("Enter again", to: .enter(tenant), style: .plain) }
      }
      panel("This access") {
        properties([
          ("As", access.subject.map { .text($0.name + " (" + $0.role.label + ")") } ?? "Without a user"),
          ("Entered", frame.face.moment(access.startedAt)),
          ("Left", access.ending.map { frame.face.moment($0.at) } ?? "Still open"),
          ("Ticket", .text(access.ticket ?? "–")),
        ])
      }
    }
  }

  private static func words(_ tally: AccessTally) -> String {
    [
      counted(tally.pages, "page"), counted(tally.changes, "change"), counted(tally.reveals, "reveal"),
    ].joined(separator: ", ")
  }

  private static func counted(_ number: Int, _ noun: String) -> String {
    "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
  }
}

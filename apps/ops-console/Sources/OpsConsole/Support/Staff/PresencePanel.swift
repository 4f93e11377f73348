// Where a staff person is right now: signed in from where, and in whose house.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum PresencePanel {
  static func accesses(_ file: StaffFile, _ frame: Frame) -> HTML {
    panel("Open accesses", aside: span(.class("count")) { grouped(file.person.openAccesses) }) {
      if file.accesses.isEmpty {
        p(.class("muted")) { "In no client’s workspace." }
      } else {
        ul {
          for access in file.accesses {
            li {
              span {
                a(.href(.card(access.tenant)), .dirAuto) { access.tenant.name }
                " "
                span(.class("muted")) { accessWords(access, frame) }
              }
              div(.class("acts")) {
                postButton(
                  "End access",
                  to: Path.staff(file.person.id).appending("accesses").appending(access.id)
                    .appending("end"),
                  frame.secrets("end-" + access.id.description), style: [.small, .danger],
                  name: "End access to \(access.tenant.name)")
              }
            }
          }
        }
      }
    }
  }

  static func signIns(_ file: StaffFile, current: ID<StaffSession>?, _ frame: Frame) -> HTML {
    let end = Path.staff(file.person.id).appending("end-sign-ins")
    return panel("Sign-ins", aside: span(.class("count")) { grouped(file.signIns.count) }) {
      if file.signIns.isEmpty {
        p(.class("muted")) { "Not signed in anywhere." }
      } else {
        SignInList.view(file.signIns, current: current, frame) { signIn in
          postButton(
            "End sign-in", to: end, frame.secrets("out-" + signIn.id.description),
            fields: [("sign_in", signIn.id.description)], style: [.small, .danger],
            name: "End sign-in from \(signIn.ip)")
        }
        if file.signIns.count > 1 {
          postButton(
            "End all \(counted(file.signIns.count, "sign-in"))", to: end, frame.secrets("out-all"),
            style: [.small, .danger])
        }
      }
    }
  }
}

/// Sign-ins with address, browser, since, last; each with its button.
enum SignInList {
  static func view(
    _ signIns: [SignInRecord], current: ID<StaffSession>?, _ frame: Frame, act: (SignInRecord) -> HTML
  ) -> HTML {
    ul {
      for signIn in signIns {
        li {
          span {
            code { signIn.ip }
            " "
            span(.dirAuto, .title(signIn.agent)) { browser(signIn.agent) }
            br()
            span(.class("muted")) {
              "signed in "
              frame.face.ago(signIn.startedAt)
              " · last request "
              frame.face.ago(signIn.lastSeenAt)
            }
          }
          div(.class("acts")) { signIn.id == current ? badge("This one", .info) : act(signIn) }
        }
      }
    }
  }

  /// `Firefox on Linux`, as far as the browser says; what it says itself where that is nothing we know.
  private static func browser(_ agent: String) -> String {
    // Each says the names of those it descends from, so the youngest comes first.
    let names = [
      ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ]
    let systems = [
      ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS X", "macOS"),
      ("Linux", "Linux"),
    ]
    guard agent != "-" else { return "unknown browser" }
    guard let name = names.first(where: { agent.contains($0.0) })?.1 else { return String(agent.prefix(60)) }
    return systems.first { agent.contains($0.0) }.map { name + " on " + $0.1 } ?? name
  }
}

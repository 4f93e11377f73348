// What an address inside a workspace answers after its access has been left.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Markup

extension Console {
  /// 410 with when, by whom, and the way back in.
  func endedAnswer(_ ended: AccessEnded, _ frame: Frame) -> Answer {
    let impersonation = ended.impersonation
    let client = impersonation.tenant
    let title =
      switch impersonation.endKind {
      case .manual: "You have left \(client.name)"
      case .tenantClosed: "\(client.name) was closed"
      case .revoked, nil: "Access to \(client.name) ended"
      }
    let page = Page(title, section: "/", value: EndedBody(impersonation, frame)) { frame in
      section(.class("problem")) {
        h1 { Self.heading(impersonation) }
        if let ending = impersonation.ending {
          p {
            "This access ended "
            frame.face.ago(ending.at)
            ", by \(ending.by)."
          }
        }
        div(.class("form-acts")) {
          // Nobody enters a client that is closed: its card is what is left to see.
          if client.status == .closed {
            linkButton("See the client", to: .card(client), style: .primary)
          } else {
            linkButton("Enter again", to: .enter(client), style: .primary)
          }
          linkButton("What you did", to: .timeline(impersonation.id), style: .plain)
        }
      }
    }
    return .page(page, status: .gone)
  }

  private static func heading(_ impersonation: Impersonation) -> HTML {
    let name = span(.dirAuto) { impersonation.tenant.name }
    return HTML {
      switch impersonation.endKind {
      case .manual:
        "You have left "
        name
      case .tenantClosed:
        name
        " was closed, and your access ended with it"
      case .revoked, nil:
        "Your access was ended: "
        name
      }
    }
  }
}

/// The same for programs, and for a page that is still open.
struct EndedBody: ProblemMembers {
  let type = "about:blank"
  let code = "access_ended"
  let status = 410
  let title: String
  let detail: String
  let correlation: String
  let ended: Date?
  let kind: String?
  let by: String?
  /// The way in again; none into a client that is closed.
  let enter: String?

  init(_ impersonation: Impersonation, _ frame: Frame) {
    let client = impersonation.tenant
    let ending = impersonation.ending
    let moment = ending.map { " at \(frame.face.minute($0.at))" } ?? ""
    let author = ending.map { ", by \($0.by)" } ?? ""
    correlation = frame.request.id.description
    detail = client.status == .closed ? "Nothing was changed." : "Nothing was changed. Enter again to go on."
    title =
      switch impersonation.endKind {
      case .manual: "You left \(client.name)\(moment)."
      case .tenantClosed: "\(client.name) was closed\(moment)\(author), and your access ended with it."
      case .revoked, nil: "Your access to \(client.name) was ended\(moment)\(author)."
      }
    ended = ending?.at
    kind = impersonation.endKind?.rawValue
    by = ending?.by
    enter = client.status == .closed ? nil : Path.enter(client).description
  }
}

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
    let isOwn = impersonation.ending?.kind == .manual
    let title = isOwn ? "You have left \(impersonation.tenant.name)" : "Access to \(impersonation.tenant.name) ended"
    let page = Page(title, section: "/", value: EndedBody(impersonation, frame)) { frame in
      section(.class("problem")) {
        h1 {
          isOwn ? "You have left " : "Your access was ended: "
          span(.dirAuto) { impersonation.tenant.name }
        }
        if let ending = impersonation.ending {
          p {
            "This access ended "
            frame.face.ago(ending.at)
            ", by \(ending.by)."
          }
        }
        div(.class("form-acts")) {
          linkButton(
            "Enter again", to: Path("/t").appending(impersonation.tenant.slug).appending("enter"), style: .primary)
          linkButton("What you did", to: Path("/audit/accesses").appending(impersonation.id), style: .plain)
        }
      }
    }
    return .page(page, status: .gone)
  }
}

/// The same for programs, and for a page that is still open.
struct EndedBody: ProblemMembers {
  let type = "about:blank"
  let code = "access_ended"
  let status = 410
  let title: String
  let detail = "Nothing was changed. Enter again to go on."
  let correlation: String
  let ended: Date?
  let kind: String?
  let by: String?
  let enter: String

  init(_ impersonation: Impersonation, _ frame: Frame) {
    let client = impersonation.tenant.name
    let ending = impersonation.ending
    let moment = ending.map { " at \(frame.face.minute($0.at))" } ?? ""
    correlation = frame.request.id.description
    title =
      ending?.kind == .manual
      ? "You left \(client)\(moment)."
      : "Your access to \(client) was ended\(moment)" + (ending.map { ", by \($0.by)." } ?? ".")
    ended = ending?.at
    kind = ending?.kind.rawValue
    by = ending?.by
    enter = Path("/t").appending(impersonation.tenant.slug).appending("enter").description
  }
}

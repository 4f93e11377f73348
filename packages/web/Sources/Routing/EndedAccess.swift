// What an address inside a workspace answers after its access has been left.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import Markup

extension Console {
  /// 410 with when, by whom, and the way back in.
  func endedAnswer(_ ended: AccessEnded) -> Answer {
    let impersonation = ended.impersonation
    let value = EndedBody(
      code: "access_ended", status: 410, ended: impersonation.ending?.at, kind: impersonation.ending?.kind.rawValue,
      by: impersonation.ending?.by,
      enter: Path("/t").appending(impersonation.tenant.slug).appending("enter").description)
    let isOwn = impersonation.ending?.kind == .manual
    let title = isOwn ? "You have left \(impersonation.tenant.name)" : "Access to \(impersonation.tenant.name) ended"
    let page = Page(title, section: "/", value: value) { frame in
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

private struct EndedBody: Encodable, Sendable {
  let code: String
  let status: Int
  let ended: Date?
  let kind: String?
  let by: String?
  let enter: String
}

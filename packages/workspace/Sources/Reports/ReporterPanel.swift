// Who reported, as a page says it: hidden until somebody asks, which nobody is refused and everybody leaves a trace of.

import EthicoTypes
import Markup
import Web

/// What is known of the reporter, and the button that reveals it.
/// - Parameters:
///   - isKnown: whether a name or an address is kept.
///   - revealed: what the request that made this page has revealed.
func reporterIdentity(isKnown: Bool, revealed: ReporterIdentity?, at path: Path, _ frame: Frame) -> HTML {
  if let revealed {
    return section(.class("stack revealed"), .role("status")) {
      properties([("Reporter", clientText(revealed.name)), ("Contact", clientText(revealed.contact))])
      p(.class("muted")) { "Shown once. That you have seen it stands in the trail." }
    }
  }
  guard isKnown else {
    return p(.class("muted")) { "The reporter gave no name and no address." }
  }
  return div(.class("form-acts")) {
    postButton("Reveal reporter", to: path, frame.secrets)
    p { "Hidden. A reveal is an entry in the trail." }
  }
}

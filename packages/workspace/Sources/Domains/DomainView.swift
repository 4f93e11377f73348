// The page of one domain: whether it counts and how that was proven, its name, and what each act leads to.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum DomainView {
  /// What a verified domain is good for, and who says that it is verified.
  static let meaning = """
    A client is found by its verified domains, and by e-mail addresses that end in them. Nothing looks them up in the \
    DNS: whoever has seen the proof marks a domain as verified. Signing in and ticket links ask for no domain.
    """

  static func page(
    _ domain: Domain, among domains: [Domain], _ history: [TrailStep], _ forms: DomainForms, _ context: Inside
  ) -> Page {
    let acting = context.acting
    let list = SettingTab.domains.path(acting)
    let here = list.appending(domain.id)
    return Page(
      domain.name, section: acting.path("settings"),
      crumbs: [Crumb("Settings", acting.path("settings")), Crumb("Domains", list)], trace: domain.name,
      value: DomainBody(domain)
    ) { frame in
      doneLine(domain, frame)
      setbackPanel(forms.setback)
      pageHead(domain.name, facts: [domainBadge(domain)])
      if forms.setback?.isStale == true, let typed = forms.name { storedBeside(domain.fields, typed) }
      columns {
        verification(domain, forms, acting, here, frame)
        if acting.may(.manageSettings) {
          div {
            renaming(domain, forms, here, frame)
            retiring(domain, among: domains, here, frame)
          }
        }
      }
      historyPanel(history, frame)
    }
  }

  private static func doneLine(_ domain: Domain, _ frame: Frame) -> HTML {
    let words: String? =
      switch frame.done {
      case "added": "is added. It counts once it is verified."
      case "edited": "is its name now. It has to be verified before it counts."
      case "verified": "is verified. The client is found by it."
      case "unverified": "is not verified any more. The client is not found by it."
      default: nil
      }
    guard let words else { return .nothing }
    return resultLine(
      HTML {
        span(.dirAuto) { domain.name }
        " \(words)"
      })
  }

  private static func verification(
    _ domain: Domain, _ forms: DomainForms, _ acting: ActingContext, _ here: Path, _ frame: Frame
  ) -> HTML {
    panel("Verification") {
      properties([
        ("State", domainBadge(domain)),
        ("Verified", domain.verifiedAt.map { frame.face.moment($0) } ?? never),
        ("Proof", clientText(domain.proof)),
      ])
      p(.class("muted")) { meaning }
      if acting.may(.verifyDomains) {
        if domain.verifiedAt == nil {
          verifying(domain, forms.proof, here, frame)
        } else {
          p { "Not verified any more, it leaves the directory: the client is no longer found by it." }
          actForm(
            "Not verified any more", to: here.appending("unverify"), frame.secrets("unverify"),
            version: domain.version)
        }
      }
    }
  }

  private static func verifying(_ domain: Domain, _ state: FormState, _ here: Path, _ frame: Frame) -> HTML {
    postForm(here.appending("verify"), frame.secrets("verify"), version: domain.version, state: state) {
      textArea(
        "proof", label: "How it was proven",
        help: "The text of the TXT record in the DNS, or who showed what. It stands in the history.", state: state,
        rows: 2, maxLength: DomainProof.limit)
      formActs { submitButton("Mark as verified", style: .plain) }
    }
  }

  private static func renaming(_ domain: Domain, _ forms: DomainForms, _ here: Path, _ frame: Frame) -> HTML {
    let state = forms.name ?? FormState(domain.fields)
    return panel("Rename") {
      p(.class("muted")) {
        domain.verifiedAt == nil
          ? "It still has to be verified before it counts."
          : "By its new name it has to be verified again: until then the client is not found by it."
      }
      postForm(here.appending("edit"), frame.secrets("edit"), version: domain.version, state: state) {
        textField("name", label: "Domain", help: "As example.com.", state: state, maxLength: Domain.nameLimit)
        formActs { submitButton("Rename domain", style: .plain) }
      }
    }
  }

  private static func retiring(_ domain: Domain, among domains: [Domain], _ here: Path, _ frame: Frame) -> HTML {
    let left = domains.count { $0.id != domain.id && $0.verifiedAt != nil }
    let stay = counted(left, "verified domain stays", "verified domains stay")
    return formDanger("Retire", consequence: "The client is no longer found by it; \(stay).") {
      postForm(here.appending("retire"), frame.secrets("retire"), version: domain.version, leaving: .silent) {
        formActs { submitButton("Retire domain", style: .danger) }
      }
    }
  }
}

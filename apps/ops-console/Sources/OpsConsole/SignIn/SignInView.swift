// The page before everything else.

import Access
import EthicoTypes
import Markup
import Web

enum SignInView {
  static func page(_ people: [Staff], provider: OIDCProvider?, back: Path, failure: String?) -> Page {
    Page("Sign in", section: "/sign-in", value: ["code": "sign_in"]) { _ in
      p(.class("brand")) {
        "Ethico "
        span { "Ops" }
      }
      h1 { "Sign in" }
      if let failure {
        div(.class("error-summary"), .role("alert")) { p { failure } }
      }
      if provider != nil { providerForm(back) }
      if !people.isEmpty { demo(people, back) }
      if provider == nil, people.isEmpty {
        p { "No identity provider is configured. Set OPS_OIDC_ISSUER, or OPS_DEMO=1 for a demo." }
      }
    }
  }

  private static func providerForm(_ back: Path) -> HTML {
    form(.post, .action("/sign-in/start")) {
      hiddenField("return", back.description)
      submitButton("Sign in with Ethico", style: .primary, .autofocus)
    }
  }

  private static func demo(_ people: [Staff], _ back: Path) -> HTML {
    HTML {
      p(.class("muted")) { "A demo: everybody and everything in it is made up. Choose who you are." }
      ul(.class("demo-people")) {
        for person in people {
          li { demoButton(person, back) }
        }
      }
    }
  }

  /// What a person is called at Ethico, by the heaviest of what they may do.
  private static func role(_ person: Staff) -> String {
    if person.may(.staffAdmin) { return "Administrator" }
    if person.may(.auditRead) { return "Auditor" }
    if person.may(.configWrite) { return "Support, level 3" }
    if person.may(.jobsWrite) { return "Support, level 2" }
    if person.may(.migrationRun) { return "Implementation" }
    return person.may(.supportAct) ? "Support, level 1" : "Staff"
  }

  /// What everybody may is not said, nor what no page asks for so far.
  private static let unsaid: Set<Capability> = [.tenantRead, .auditReview]

  private static func demoButton(_ person: Staff, _ back: Path) -> HTML {
    let may = Capability.allCases.filter { !unsaid.contains($0) && person.may($0) }.map(\.label)
    return form(.post, .action("/demo/sign-in")) {
      hiddenField("return", back.description)
      button(.type("submit"), .name("staff"), .value(person.email)) {
        strong { person.name }
        " "
        span { role(person) }
        " "
        span { "May " + (may.isEmpty ? "look up clients" : may.joined(separator: ", ")) }
      }
    }
  }
}

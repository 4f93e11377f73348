// The page before everything else.

import Access
import EthicoTypes
import Markup
import Web

enum SignInView {
  static func page(_ people: [Staff], provider: OIDCProvider?, back: Path, failure: String?) -> Page {
    Page("Sign in", section: "/sign-in", value: ["code": "sign_in"]) { _ in
      h1 { "Ethico Operations" }
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
      p { "This is a demo: everybody and everything in it is made up. Sign in as" }
      ul(.class("demo-people")) {
        for person in people {
          li { demoButton(person, back) }
        }
      }
    }
  }

  private static func demoButton(_ person: Staff, _ back: Path) -> HTML {
    let may = person.capabilities.filter { $0 != .tenantRead }.map(\.label).sorted()
    return form(.post, .action("/demo/sign-in")) {
      hiddenField("return", back.description)
      button(.type("submit"), .class("button"), .name("staff"), .value(person.email)) {
        strong { person.name }
        span(.class("muted")) { "May " + (may.isEmpty ? "look up clients" : may.joined(separator: ", ")) }
      }
    }
  }
}

// The list of a client's domains, and the form in which one is added.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum DomainListView {
  static func page(
    _ domains: [Domain], _ history: [TrailStep], _ state: FormState, _ setback: Setback?, _ context: Inside
  ) -> Page {
    let here = SettingTab.domains.path(context.acting)
    return SettingTab.domains.page(
      context, value: DomainListBody(items: domains.map(DomainBody.init))
    ) { frame in
      HTML {
        frame.done == "retired" ? resultLine("The domain is retired. The client is not found by it.") : .nothing
        setbackPanel(setback)
      }
    } content: { frame in
      columns {
        div {
          if domains.isEmpty {
            nothingYet("No domains yet", "Add the domain that the client’s addresses end in.")
          } else {
            table(domains, here, frame)
          }
        }
        panel(context.acting.may(.manageSettings) ? "Add a domain" : "Verification") {
          p(.class("muted")) { DomainView.meaning }
          if context.acting.may(.manageSettings) { addForm(state, here, frame) }
        }
      }
      historyPanel(history, joined: names(domains, history), frame)
    }
  }

  private static func names(_ domains: [Domain], _ history: [TrailStep]) -> [String: String] {
    let now = Dictionary(uniqueKeysWithValues: domains.map { ($0.id.description, $0.name) })
    return now.merging(history.lastNames(in: "name")) { now, _ in now }
  }

  private static func addForm(_ state: FormState, _ here: Path, _ frame: Frame) -> HTML {
    postForm(here, frame.secrets("add"), state: state) {
      textField("name", label: "Domain", help: "As example.com.", state: state, maxLength: Domain.nameLimit)
      formActs { submitButton("Add domain", style: .plain) }
    }
  }

  private static func table(_ domains: [Domain], _ here: Path, _ frame: Frame) -> HTML {
    dataTable(
      "Domains", domains,
      columns: [
        Column("Domain", kind: .link) { row in a(.href(here.appending(row.id)), .dirAuto) { row.name } },
        Column("State") { domainBadge($0) },
        Column("Verified") { row in row.verifiedAt.map { frame.face.ago($0) } ?? never },
      ])
  }
}

/// The badge of whether a domain counts: the same on every page.
func domainBadge(_ domain: Domain) -> HTML {
  domain.verifiedAt == nil ? badge("Not verified", .attention) : badge("Verified", .good)
}

/// Every domain of a client.
struct DomainListBody: Encodable, Sendable {
  let items: [DomainBody]
}

/// A domain as programs read it.
struct DomainBody: Encodable, Sendable {
  let id: ID<Domain>
  let name: String
  let verified: Date?
  let proof: String?
  let version: Int

  init(_ domain: Domain) {
    id = domain.id
    name = domain.name
    verified = domain.verifiedAt
    proof = domain.proof
    version = domain.version
  }
}

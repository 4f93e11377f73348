// The addresses of domains, and their page.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum DomainController {
  static func routes(_ group: RouteGroup<Inside>) {
    group.get("settings/domains", name: "domain.list", use: list)
    group.post("settings/domains", name: "domain.add", use: add)
    group.post("settings/domains/{domain}/retire", name: "domain.retire", use: retire)
  }

  private static func list(_ context: Inside) async throws -> Answer {
    try await context.look { tx in DomainListView.page(try await Domain.all(in: tx), FormState(), nil, context) }
  }

  private static func add(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageSettings)
    return try await context.attempt { tx in
      try await Domain.add(try DomainName(context.form.fields), in: tx)
      return SettingTab.domains.path(context.acting).query("done", "added")
    } otherwise: { setback, tx in
      DomainListView.page(
        try await Domain.all(in: tx), FormState(context.form.fields, errors: setback.errors), setback, context)
    }
  }

  private static func retire(_ context: Inside) async throws -> Answer {
    try await context.demand(.manageSettings)
    let id = try context.id("domain", of: Domain.self)
    return try await context.attempt(Domain.object(id)) { tx in
      let found = try await Domain.hold(id, in: tx)
      guard found.version == context.form.version else { throw DomainRefusal.stale(found) }
      try await found.retire(in: tx)
      return SettingTab.domains.path(context.acting).query("done", "retired")
    } otherwise: { setback, tx in
      DomainListView.page(try await Domain.all(in: tx), FormState(), setback, context)
    }
  }
}

enum DomainListView {
  static func page(_ domains: [Domain], _ state: FormState, _ setback: Setback?, _ context: Inside) -> Page {
    let here = SettingTab.domains.path(context.acting)
    let mayChange = context.acting.may(.manageSettings)
    return SettingTab.domains.page(
      context, value: DomainListBody(items: domains.map(DomainBody.init)),
      above: { frame in
        HTML {
          doneLine(frame)
          setbackPanel(setback)
        }
      }
    ) { frame in
      columns {
        div {
          if domains.isEmpty {
            nothingYet("No domains yet", "Add the domain that the client’s addresses end in.")
          } else {
            table(domains, here, mayChange, frame)
          }
        }
        panel(mayChange ? "Add a domain" : "Verification") {
          p(.class("muted")) {
            "A client is found by its verified domains. They are verified by a record in the DNS, not on this page."
          }
          if mayChange { addForm(state, here, frame) }
        }
      }
    }
  }

  private static func addForm(_ state: FormState, _ here: Path, _ frame: Frame) -> HTML {
    postForm(here, frame.secrets("add"), state: state) {
      textField("name", label: "Domain", help: "As example.com.", state: state, maxLength: Domain.nameLimit)
      formActs { submitButton("Add domain", style: .plain) }
    }
  }

  private static func doneLine(_ frame: Frame) -> HTML {
    switch frame.done {
    case "added": resultLine("The domain is added. It counts once it is verified.")
    case "retired": resultLine("The domain is retired. The client is not found by it any more.")
    default: .nothing
    }
  }

  private static func table(_ domains: [Domain], _ here: Path, _ mayChange: Bool, _ frame: Frame) -> HTML {
    var columns: [Column<Domain>] = [
      Column("Domain", kind: .link) { row in span(.dirAuto) { row.name } },
      Column("State") { row in
        row.verifiedAt == nil ? badge("Not verified", .attention) : badge("Verified", .good)
      },
      Column("Verified") { row in row.verifiedAt.map { frame.face.ago($0) } ?? never },
    ]
    if mayChange {
      columns.append(
        Column("Retire") { row in retiring(row, among: domains, here, frame) })
    }
    return dataTable("Domains", domains, columns: columns)
  }

  /// Folded, so that what it does is read before it is done.
  private static func retiring(_ domain: Domain, among domains: [Domain], _ here: Path, _ frame: Frame) -> HTML {
    let left = domains.count { $0.id != domain.id && $0.verifiedAt != nil }
    let stay = counted(left, "verified domain") + (left == 1 ? " stays" : " stay")
    return details(.class("fold")) {
      summary(.aria("label", "Retire \(domain.name) …")) { "Retire …" }
      postForm(
        here.appending(domain.id).appending("retire"), frame.secrets("retire-\(domain.id)"), version: domain.version,
        leaving: .silent
      ) {
        p { "The client is no longer found by it; \(stay)." }
        formActs {
          submitButton("Retire domain", style: [.small, .danger], .aria("label", "Retire domain \(domain.name)"))
        }
      }
    }
  }
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
  let version: Int

  init(_ domain: Domain) {
    id = domain.id
    name = domain.name
    verified = domain.verifiedAt
    version = domain.version
  }
}

// The directory's page: a search, filters in the address, one row a client.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum DirectoryView {
  static func page(_ found: DirectoryPage, _ query: DirectoryQuery, _ staff: Staff) -> Page {
    let next = found.nextText(query)
    let body = DirectoryBody(
      query: query.words, items: found.entries.map(TenantItemBody.init), count: found.count, next: next)
    return Page("Clients", section: "/tenants", value: body) { frame in
      pageHead("Clients")
      filters(query, count: countLabel(found))
      if found.matching.isEmpty {
        noMatch(near: found.near, query, staff)
      } else {
        table("Clients", found.matching, staff)
        if !found.near.isEmpty {
          panel("Close to “\(query.words)”") { table("Clients whose name is close", found.near, staff) }
        }
        pagination(
          shown: found.entries.count, first: query.after == nil ? nil : here(query.parameters),
          next: next.map { here(query.parameters).query("after", $0) })
      }
    }
  }

  /// Nothing holds what was typed. Names that are nearly it are narrowed by the filters too, so the same words may find
  /// more without them.
  private static func noMatch(near: [DirectoryEntry], _ query: DirectoryQuery, _ staff: Staff) -> HTML {
    guard !near.isEmpty else { return nothingMatches(query.words, clear: "/tenants") }
    return nothingMatches(
      query.words, clear: query.isFiltered ? Path("/tenants").query("q", query.words) : nil,
      near: table("Clients whose name is close", near, staff))
  }

  private static func here(_ parameters: [(name: String, value: String)]) -> Path {
    Path("/tenants").query(parameters)
  }

  /// What somebody sees who searched too often: their search, still filled in.
  static func exceeded(_ query: DirectoryQuery, _ setback: Setback) -> Page {
    let body = DirectoryBody(query: query.words, items: [], count: 0, next: nil)
    return Page("Clients", section: "/tenants", value: body) { _ in
      setbackPanel(setback)
      pageHead("Clients")
      filters(query, count: "Not searched")
    }
  }

  private static func countLabel(_ found: DirectoryPage) -> String {
    let near = found.near.count
    let matching = CappedCount(found.count - near, limit: DirectoryPage.countLimit).of("client", "clients")
    return near == 0 ? matching : "\(matching), \(grouped(near)) close"
  }

  private static func filters(_ query: DirectoryQuery, count: String) -> HTML {
    filterBar(
      action: "/tenants",
      [
        .words("q", label: "Name, domain, hotline number, contract, id", value: query.words),
        .several(
          "status", label: "Status", options: choices(TenantStatus.self), chosen: query.statuses.map(\.rawValue)),
        .several("tier", label: "Tier", options: choices(Tier.self), chosen: query.tiers.map(\.rawValue)),
        .several(
          "industry", label: "Industry", options: choices(Industry.self), chosen: query.industries.map(\.rawValue)),
        .one(
          "only", label: "Concerning", any: "All clients",
          options: [("open_ticket", "With an open ticket"), ("mine", "Mine")], chosen: query.only?.rawValue),
      ],
      chips: chips(query), clear: query.isFiltered || !query.words.isEmpty ? "/tenants" : nil,
      count: count)
  }

  private static func chips(_ query: DirectoryQuery) -> [FilterChip] {
    query.parameters.filter { $0.name != "limit" && $0.name != "q" }.map { parameter in
      let rest = query.parameters.filter { $0.name != parameter.name || $0.value != parameter.value }
      return FilterChip(label(parameter), removed: here(rest))
    }
  }

  private static func label(_ parameter: (name: String, value: String)) -> String {
    switch parameter.name {
    case "status": TenantStatus(rawValue: parameter.value)?.label ?? parameter.value
    case "tier": Tier(rawValue: parameter.value)?.label ?? parameter.value
    case "industry": Industry(rawValue: parameter.value)?.label ?? parameter.value
    default: parameter.value == "mine" ? "Mine" : "Open ticket"
    }
  }

  /// Clients as rows, with the way into each for whoever may enter.
  static func table(_ caption: String, _ entries: [DirectoryEntry], _ staff: Staff) -> HTML {
    var columns = [
      Column<DirectoryEntry>("Client", kind: .link) { entry in
        a(.href(.card(entry.tenant)), .dirAuto) { entry.tenant.name }
      },
      Column("Status") { entry in
        div {
          statusBadge(entry.tenant.status)
          pulseBadges(entry.pulse)
        }
      },
      Column("Tier") { .text($0.tier.label) },
      Column("Industry") { .text($0.industry.label) },
      Column("Employees", kind: .number) { .text(grouped($0.employeeCount)) },
      Column("Open tickets", kind: .number) { .text(grouped($0.openTickets)) },
    ]
    if staff.may(.supportAct) { columns.append(Column("Workspace", cell: workspaceLink)) }
    return dataTable(caption, entries, columns: columns)
  }

  @HTMLBuilder private static func workspaceLink(_ entry: DirectoryEntry) -> [HTML] {
    let name = entry.tenant.name
    if let access = entry.access {
      a(.href(.access(access)), .aria("label", "Open \(name), where you are inside")) { strong { "Open" } }
    } else if entry.tenant.status != .closed {
      a(.href(.enter(entry.tenant)), .aria("label", "Enter \(name)")) { "Enter" }
    }
  }
}

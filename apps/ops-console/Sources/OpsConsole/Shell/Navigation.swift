// The rail: only what exists and this person may open. Inside a client it is the client's navigation.

import Access
import EthicoTypes
import Markup
import Web
import Workspace

enum Navigation {
  private struct Entry {
    let label: String
    let path: Path
    /// Where the page stands in the rail, if not at its own path.
    var section: Path?
    /// What the acting person has to be allowed to open; everybody may where there is none.
    var area: WorkspaceArea?
  }

  private struct Group {
    let heading: String?
    let entries: [Entry]
  }

  static func rail(_ page: Page, _ frame: Frame) -> HTML {
    nav(.class("rail"), .aria("label", frame.acting == nil ? "Main" : "Workspace")) {
      // On a narrow page the menu opens what follows it, by style alone.
      details(.class("rail-menu")) { summary { "Menu" } }
      for group in frame.acting.map(inside) ?? outside(frame.signedIn?.staff) {
        if let heading = group.heading { p(.class("rail-heading"), .dirAuto) { heading } }
        ul {
          for entry in group.entries { item(entry, page) }
        }
      }
    }
  }

  private static func item(_ entry: Entry, _ page: Page) -> HTML {
    let isCurrent = page.section == (entry.section ?? entry.path)
    return li {
      if isCurrent {
        a(.href(entry.path), .aria("current", "page")) { entry.label }
      } else {
        a(.href(entry.path)) { entry.label }
      }
    }
  }

  private static func outside(_ staff: Staff?) -> [Group] {
    var groups = [Group(heading: nil, entries: [Entry(label: "Home", path: "/")])]
    groups.append(
      Group(
        heading: "Support",
        entries: [
          Entry(label: "Clients", path: "/tenants"), Entry(label: "Tickets", path: "/tickets"),
        ]))
    var trust: [Entry] = []
    if staff?.may(.auditRead) ?? false { trust.append(Entry(label: "Audit", path: "/audit/events")) }
    if staff?.may(.staffAdmin) ?? false { trust.append(Entry(label: "Staff", path: "/staff")) }
    if !trust.isEmpty { groups.append(Group(heading: "Trust", entries: trust)) }
    if staff?.may(.fleetWrite) ?? false {
      groups.append(
        Group(
          heading: "Platform",
          entries: [
            Entry(label: "Flags", path: "/platform/flags"), Entry(label: "Jobs", path: "/platform/jobs"),
            Entry(label: "Errors", path: "/platform/errors"),
          ]))
    }
    return groups
  }

  private static func inside(_ acting: ActingContext) -> [Group] {
    var areas = [
      Entry(label: "Overview", path: acting.home),
      Entry(label: "Search", path: acting.path("search")),
      Entry(label: "Cases", path: acting.path("cases"), area: .cases),
      Entry(label: "Reports", path: acting.path("reports"), area: .reports),
      Entry(label: "Policies", path: acting.path("policies"), area: .policies),
      Entry(label: "Campaigns", path: acting.path("campaigns"), area: .campaigns),
      Entry(label: "Disclosures", path: acting.path("disclosures"), area: .disclosures),
      Entry(label: "People", path: acting.path("people"), area: .people),
      Entry(label: "Settings", path: acting.path("settings")),
    ].filter { entry in entry.area.map(acting.mayOpen) ?? true }
    if acting.staff.may(.debugRead) { areas.append(Entry(label: "Debug", path: acting.path("debug"))) }
    let ours = [
      Entry(label: "What I did here", path: .timeline(acting.impersonation.id)),
      Entry(label: "Home", path: "/"),
      Entry(label: "Clients", path: "/tenants"),
    ]
    return [Group(heading: acting.tenant.name, entries: areas), Group(heading: "Ethico", entries: ours)]
  }
}

// The address of the first page: which of its two it is depends on whether one has been anywhere yet.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum HomeController {
  static func routes(_ routes: Routes) {
    routes.group("", context: StaffContext<ReadTenants>.self).get("", name: "home", use: page)
  }

  private static func page(_ context: StaffContext<ReadTenants>) async throws -> Answer {
    let accesses = try await context.ledger.openAccesses(of: context.staff.id)
    let shelf = try await context.ledger.shelf(of: context.staff.id)
    let mine = TicketFilter(only: .mine, limit: HomeView.ticketsShown)
    let tickets = try await context.ledger.tickets(mine, for: context.staff.id)
    if accesses.isEmpty, shelf.pinned.isEmpty, shelf.recent.isEmpty, tickets.tickets.isEmpty {
      return .page(HomeView.firstDay(try await context.ledger.directoryExamples(), context))
    }
    return .page(HomeView.page(accesses, pinned: shelf.pinned, recent: shelf.recent, tickets, context))
  }
}

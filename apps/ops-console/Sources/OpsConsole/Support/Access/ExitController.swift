// Leaving: one access or all of them, and the card that says what it amounted to.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum ExitController {
  static func routes(_ routes: Routes) {
    let support = routes.group("", context: StaffContext<ActInWorkspace>.self)
    support.post("exit-all", name: "impersonation.end_all", use: exitAll)
    support.get("exited/{impersonation}", name: "impersonation.ended", use: card)
  }

  /// What stands below the access that is left.
  static func routes(inside routes: Routes) {
    routes.group("i/{impersonation}", context: WorkspaceContext<ActInWorkspace>.self)
      .post("exit", name: "impersonation.end", use: exit)
  }

  private static func exit(_ context: WorkspaceContext<ActInWorkspace>) async throws -> Answer {
    let acting = context.acting
    try await context.ledger.exit(acting.impersonation, by: acting.signedIn, request: context.facts)
    return .redirect(Path("/exited").appending(acting.impersonation.id))
  }

  private static func exitAll(_ context: StaffContext<ActInWorkspace>) async throws -> Answer {
    var open = try await context.ledger.openAccesses(of: context.staff.id)
    // The list is read in pages; each round leaves some, so it ends.
    while !open.isEmpty {
      for access in open { try await context.ledger.exit(access, by: context.signedIn, request: context.facts) }
      open = try await context.ledger.openAccesses(of: context.staff.id)
    }
    return .redirect(Path("/").query("done", "exited_all"))
  }

  private static func card(_ context: StaffContext<ActInWorkspace>) async throws -> Answer {
    let id = try context.id("impersonation", of: Impersonation.self)
    guard let access = try await context.ledger.access(id, of: context.staff.id) else {
      // Another person's, or nobody's: the same to whoever asks.
      try await context.ledger.refuse(
        context.author, action: "access.denied", object: AuditObject("impersonation", id), status: 404)
      throw Problem.notFound
    }
    let tally = try await context.ledger.tally(of: id)
    return .page(ExitCardView.page(access, tally))
  }
}

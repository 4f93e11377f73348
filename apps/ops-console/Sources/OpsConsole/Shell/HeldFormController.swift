// The addresses of a form that waited while its person signed in again.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum HeldFormController {
  static func routes(_ routes: Routes) {
    let everybody = routes.group("held/{form}", context: StaffContext<ReadTenants>.self)
    everybody.get("", name: "held_form.show", use: show)
    everybody.post("discard", name: "held_form.discard", use: discard)
  }

  private static func show(_ context: StaffContext<ReadTenants>) async throws -> Answer {
    let form = try await find(context)
    guard let content = context.console.content(of: form, for: context.staff.id), let path = content.path else {
      throw Problem.notFound
    }
    return .page(HeldFormView.page(form, content, path, in: try await place(of: path, context)))
  }

  private static func discard(_ context: StaffContext<ReadTenants>) async throws -> Answer {
    let form = try await find(context)
    try await context.ledger.dropHeldForm(form.id, of: context.staff.id)
    return .redirect(Path("/").query("done", "held_discarded"))
  }

  private static func find(_ context: StaffContext<ReadTenants>) async throws -> HeldForm {
    let id = try context.id("form", of: HeldForm.self)
    guard let form = try await context.ledger.heldForm(id, of: context.staff.id) else { throw Problem.notFound }
    return form
  }

  /// The client in whose workspace the form was filled in, if it was in one of the person's accesses.
  private static func place(of path: Path, _ context: StaffContext<ReadTenants>) async throws -> Tenant? {
    let segments = path.description.split(separator: "/")
    guard segments.count > 1, segments[0] == "i", let id = ID<Impersonation>(String(segments[1])) else { return nil }
    return try await context.ledger.access(id, of: context.staff.id)?.tenant
  }
}

// A client's status, set by whoever operates the platform: by one form, and the closing by another, slug typed.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Markup
import Web

enum TenantStatusController {
  private typealias Operator = TenantContext<OperatePlatform>

  static func routes(_ routes: Routes) {
    let operators = routes.group("platform/tenants/{slug}", context: Operator.self)
    operators.get("", name: "platform.tenant", use: show)
    operators.post("", name: "platform.tenant_status", use: set)
    operators.post("close", name: "platform.tenant_close", use: close)
  }

  private static func show(_ context: Operator) async throws -> Answer {
    .page(try await screen(PageForms(), context))
  }

  /// The client's page, with what its forms hold. Who set what before is nobody's business without a trace.
  private static func screen(_ forms: PageForms, _ context: Operator) async throws -> Page {
    let tenant = context.tenant
    guard let standing = try await context.ledger.standing(of: tenant.id) else { throw Problem.notFound }
    var facts = context.facts
    facts.route = "platform.tenant"
    let query = TrailQuery(
      .record(tenant: tenant.id, tenant.object), only: .changes, conditions: [.action(StatusChange.action)], limit: 50)
    let history = try await context.ledger.trail(query, by: context.signedIn, request: facts)
    return TenantStatusView.page(standing, history, forms, context.staff)
  }

  // MARK: Acts

  private static func set(_ context: Operator) async throws -> Answer {
    try await act(context, done: "set") { try StatusChange($0) }
  }

  private static func close(_ context: Operator) async throws -> Answer {
    try await act(context, done: "closed") { try StatusChange(closing: context.tenant, $0) }
  }

  /// Refused, it leads to the client's page with nothing lost.
  private static func act(
    _ context: Operator, done: StaticString, _ read: (FormFields) throws -> StatusChange
  ) async throws -> Answer {
    let tenant = context.tenant
    do {
      let change = try read(context.form.fields)
      let administrator = Administrator(context.signedIn, request: context.facts)
      try await context.ledger.set(change, of: tenant, version: context.form.version, by: administrator)
      return .redirect(.standing(of: tenant).query("done", done.description))
    } catch let refusal as any Refusal {
      let setback = refusal.setback
      try await context.ledger.refuse(
        context.author, action: StatusChange.action, object: tenant.object, outcome: setback.outcome,
        status: setback.status.code)
      guard context.wantsHTML else { throw setback.problem }
      let forms = PageForms(context.facts.route, context.form.fields, setback)
      return .page(try await screen(forms, context), status: setback.status)
    }
  }
}

extension Path {
  /// The page on which a client's status is set.
  static func standing(of tenant: Tenant) -> Path { Path("/platform/tenants").appending(tenant.slug) }
}

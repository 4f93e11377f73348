// The whole portal's routes on one screen.

import Access
package import Jobs
package import Logging
package import Mail
import Migration
package import Print
package import Web
import Workspace

/// Ethico's internal operations console.
package enum OpsConsole {
  /// Declares every route of the console.
  /// - Parameters:
  ///   - program: the program's own settings, for the configuration tab.
  ///   - printer: makes PDF of documents.
  package static func routes(
    _ console: Console, provider: OIDCProvider?, program: [ProgramSetting] = [],
    printer: Printer = .besideThisProgram()
  ) -> Routes {
    let routes = Routes(console: console)

    let visitors = routes.group("", context: VisitorContext.self)
    visitors.get("sign-in", name: "sign_in", use: SignInController(provider: provider).page)
    visitors.post("sign-in/start", name: "sign_in.start", use: SignInController(provider: provider).start)
    visitors.get("sign-in/callback", name: "sign_in.callback", use: SignInController(provider: provider).callback)
    visitors.post("demo/sign-in", name: "sign_in.demo", use: SignInController(provider: provider).demo)
    visitors.post("csp", name: "csp.report", use: CSPController.report)

    let everybody = routes.group("", context: StaffContext<ReadTenants>.self)
    everybody.get("", name: "home", use: HomeController.page)
    everybody.get("me", name: "me", use: MeController.page)
    everybody.post("me/keys", name: "staff.single_keys", use: MeController.singleKeys)
    everybody.post("sign-out", name: "auth.sign_out", use: SignInController(provider: provider).signOut)
    everybody.get("t/{slug}", name: "tenant.show", use: TenantController.card)
    everybody.post("t/{slug}/pin", name: "staff_pin.set", use: TenantController.pin)

    let searchers = routes.group("", context: StaffContext<SearchDirectory>.self)
    searchers.get("tenants", name: "tenant.list", use: TenantController.list)

    everybody.post("me/stay", name: "auth.stay", use: SignInsController.stay)
    everybody.post("me/end-sign-ins", name: "auth.end_sign_ins", use: SignInsController.end)
    everybody.get("held/{form}", name: "held_form.show", use: HeldFormController.show)
    everybody.post("held/{form}/discard", name: "held_form.discard", use: HeldFormController.discard)
    StaffController.routes(routes)

    TicketController.routes(routes)
    MigrationController.routes(routes)
    ReconciliationPrint(printer: printer).routes(routes)

    let support = routes.group("", context: StaffContext<ActInWorkspace>.self)
    support.get("t/{slug}/enter", name: "impersonation.enter_form", use: EnterController.form)
    support.post("t/{slug}/enter", name: "impersonation.start", use: EnterController.enter)
    support.get("enter", name: "impersonation.ticket_form", address: .raw, use: EnterController.ticketForm)
    support.post("exit-all", name: "impersonation.end_all", use: ExitController.exitAll)
    support.get("exited/{impersonation}", name: "impersonation.ended", use: ExitController.card)
    everybody.get("audit/accesses/{impersonation}", name: "audit.access", use: AuditController.access)

    let auditors = routes.group("audit", context: StaffContext<ReadAudit>.self)
    auditors.get("events", name: "audit.events", use: AuditController.events)
    auditors.get("tenants/{slug}", name: "audit.tenant", use: AuditController.tenant)

    let inside = routes.group("i/{impersonation}", context: WorkspaceContext<ActInWorkspace>.self)
    inside.post("exit", name: "impersonation.end", use: ExitController.exit)
    LivePage.routes(routes)
    DebugController.routes(routes)
    ErrorController.routes(routes)
    ConfigurationController(program: program).routes(routes)
    JobController(kinds: jobKinds).routes(routes)
    IndexController.routes(routes)
    FlagController.routes(routes)
    FleetFlagController.routes(routes)
    TenantStatusController.routes(routes)
    PlatformJobController(kinds: jobKinds).routes(routes)
    PlatformErrorController.routes(routes)
    workspaceRoutes(routes)
    // Last, since it tells of all that stand above.
    everybody.openAPI("openapi.json", name: "openapi")
    return routes
  }

  /// The kinds of work that this release knows.
  package static let jobKinds = JobKinds(JobKinds.ofThePlatform + workspaceJobs + migrationJobs)

  /// The same, with what stands outside: a language model to ask about columns of imports where a client wants that,
  /// and whoever sends mails.
  package static func jobKinds(asking model: ChatModel?, mailing sender: MailSender?, logger: Logger) -> JobKinds {
    let kinds = model.map { jobKinds.asking(.languageModel($0, logger: logger)) } ?? jobKinds
    return sender.map { kinds.mailing(by: $0) } ?? kinds
  }

  /// How the console's pages look around their content.
  package static let chrome = Chrome(layout: Layout.page)
}

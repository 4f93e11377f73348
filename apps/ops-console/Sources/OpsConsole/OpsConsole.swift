// The whole portal on one screen: who has routes, in their order. Which ones, each controller says first.

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

    SignInController(provider: provider).routes(routes)
    CSPController.routes(routes)
    HomeController.routes(routes)
    MeController.routes(routes)
    TenantController.routes(routes)
    SignInsController.routes(routes)
    HeldFormController.routes(routes)
    StaffController.routes(routes)
    TicketController.routes(routes)
    MigrationController.routes(routes)
    ReconciliationPrint(printer: printer).routes(routes)
    EnterController.routes(routes)
    ExitController.routes(routes)
    AuditController.routes(routes)
    ExitController.routes(inside: routes)
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
    routes.group("", context: StaffContext<ReadTenants>.self).openAPI("openapi.json", name: "openapi")
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

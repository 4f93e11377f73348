// The choice of what comes over: six boxes, who decided, and Continue.

import Access
import EthicoTypes
import Markup
import Migration
import Web

enum ScopeView {
  static func page(
    _ tenant: Tenant, _ project: MigrationProject?, _ state: FormState, setback: Setback?, may: Bool
  ) -> Page {
    Page(
      project == nil ? "Data migration" : "What comes over", section: "/tenants", crumbs: crumbs(tenant, project),
      value: ScopeBody(project)
    ) { frame in
      setbackPanel(setback)
      pageHead(project == nil ? "Bring \(tenant.name)’s data over" : "What comes over")
      p(.class("lead")) {
        "Which of its data does the client want to bring from the system it used before? People come along with "
        "whatever names them."
      }
      if may { form(tenant, project, state, frame) } else { notYours(.migrationRun) }
    }
  }

  private static func crumbs(_ tenant: Tenant, _ project: MigrationProject?) -> [Crumb] {
    let client = [Crumb("Clients", "/tenants"), Crumb(tenant.name, .card(tenant))]
    return project == nil ? client : client + [Crumb("Data migration", .migration(tenant))]
  }

  private static func form(
    _ tenant: Tenant, _ project: MigrationProject?, _ state: FormState, _ frame: Frame
  ) -> HTML {
    postForm(
      Path.migration(tenant).appending("scope"), frame.secrets("scope"), version: project?.version ?? 0, state: state
    ) {
      div(.class("scope")) {
        checkboxGroup(
          "choice", label: "Bring over", help: "At least one of these.", state: state,
          options: ImportChoice.checklist.map { ($0.rawValue, $0.label) })
      }
      textField(
        "decided_by", label: "Decided by",
        help: "Who at the client decided this: a name and, if you have it, their role.", state: state,
        maxLength: ScopeDraft.decidedByLimit)
      formActs {
        submitButton("Continue")
        if project != nil { linkButton("Back", to: .migration(tenant), style: .quiet) }
      }
    }
  }
}

/// The choice, for programs.
struct ScopeBody: Encodable, Sendable {
  let choices: [ImportChoice]
  let offered = ImportChoice.checklist
  let decidedBy: String?
  let version: Int

  enum CodingKeys: String, CodingKey {
    case choices, offered, version
    case decidedBy = "decided_by"
  }

  init(_ project: MigrationProject?) {
    choices = project?.choices ?? []
    decidedBy = project?.decidedBy
    version = project?.version ?? 0
  }
}

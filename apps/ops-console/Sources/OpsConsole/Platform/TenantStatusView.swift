// The page of a client's status: where it stands and since when, what it can become, what closing it ends, and below
// what was set before.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum TenantStatusView {
  static func page(
    _ standing: TenantStanding, _ history: TrailPage, _ forms: PageForms, _ viewer: Staff
  ) -> Page {
    let tenant = standing.tenant
    return Page(
      "Status of \(tenant.name)", section: "/tenants",
      crumbs: [Crumb("Clients", "/tenants"), Crumb(tenant.name, .card(tenant))],
      value: TenantStatusBody(standing, history.steps)
    ) { frame in
      result(
        frame,
        [
          "set": "\(tenant.name) is \(tenant.status.label.lowercased()) now.",
          "closed": "\(tenant.name) is closed, and every access to it has ended.",
        ])
      setbackPanel(forms.setback)
      pageHead("Status of \(tenant.name)", facts: facts(standing, history, frame))
      columns {
        div {
          panel("Set the status") { statusForm(standing, forms, frame) }
          if tenant.status != .closed { closingForm(standing, forms, frame) }
        }
        historyPanel(standing, history, viewer, frame)
      }
    }
  }

  private static func facts(_ standing: TenantStanding, _ history: TrailPage, _ frame: Frame) -> [HTML] {
    let last = history.steps.first
    return [
      statusBadge(standing.tenant.status),
      HTML {
        "since "
        frame.face.moment(last?.at ?? standing.createdAt)
        if let last {
          ", by "
          span(.dirAuto) { last.actor.name }
        }
      },
      .text(
        standing.openAccesses == 0 ? "nobody inside" : "\(counted(standing.openAccesses, "access", "accesses")) open"),
    ]
  }

  private static func statusForm(_ standing: TenantStanding, _ forms: PageForms, _ frame: Frame) -> HTML {
    let state = forms.state("platform.tenant_status")
    let next = standing.tenant.status.nextStatuses.filter { $0 != .closed }
    return postForm(
      .standing(of: standing.tenant), frame.secrets("status"), version: standing.version, state: state,
      refused: "Nothing was set yet"
    ) {
      radioGroup(
        "status", label: "Status", help: "The workspace of a suspended client can still be entered.", state: state,
        options: next.map { ($0.rawValue, $0.label) })
      textArea(
        "reason", label: "Reason", help: reasonHelp, state: state, rows: 2, maxLength: StatusChange.reasonLimit)
      formActs { submitButton("Set status") }
    }
  }

  private static func closingForm(_ standing: TenantStanding, _ forms: PageForms, _ frame: Frame) -> HTML {
    let state = forms.state("platform.tenant_close")
    let tenant = standing.tenant
    return formDanger("Close", consequence: closing(standing)) {
      postForm(
        Path.standing(of: tenant).appending("close"), frame.secrets("close"), version: standing.version, state: state,
        refused: "Not closed yet"
      ) {
        textArea(
          "closing_reason", label: "Reason for closing", help: reasonHelp, state: state, rows: 2,
          maxLength: StatusChange.reasonLimit)
        textField(
          "slug", label: "Type the slug to confirm", help: "\(tenant.slug): it shuts this client’s workspace.",
          state: state, maxLength: 80)
        formActs { submitButton("Close client", style: .danger) }
      }
    }
  }

  private static var reasonHelp: String {
    "\(StatusChange.reasonLeast) characters or more; it stands in the client’s audit trail."
  }

  /// `Ends 3 accesses and shuts the workspace of Acme Health until its status is set again.`
  private static func closing(_ standing: TenantStanding) -> String {
    let shuts = "the workspace of \(standing.tenant.name) until its status is set again."
    let open = standing.openAccesses
    return open == 0
      ? "Nobody is inside. Shuts \(shuts)" : "Ends \(counted(open, "access", "accesses")) and shuts \(shuts)"
  }

  private static func historyPanel(
    _ standing: TenantStanding, _ history: TrailPage, _ viewer: Staff, _ frame: Frame
  ) -> HTML {
    let tenant = standing.tenant
    let names = TrailNames(history.steps)
    return panel("History") {
      if history.steps.isEmpty {
        p(.class("muted")) { "The status of \(tenant.name) has not been changed since the trail began." }
      } else {
        let reading = TrailReading(.record(tenant: tenant.id, tenant.object), by: viewer)
        timeline(history.steps.map { $0.shown(reading, names, frame.face) }, frame.face)
      }
    }
  }
}

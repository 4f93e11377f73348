// Source against target, kind by kind, until the client agrees to it: made to be read on a screen and signed on paper.

import Access
import EthicoTypes
import FoundationEssentials
import Mapping
import Markup
import Migration
import Web

enum ReconciliationView {
  static func page(_ tenant: Tenant, _ file: ReconciliationFile?, _ forms: ReconciliationForms) -> Page {
    Page(
      "Reconciliation", section: "/tenants",
      crumbs: [
        Crumb("Clients", "/tenants"), Crumb(tenant.name, .card(tenant)), Crumb("Data migration", .migration(tenant)),
      ], live: file.map(\.isReckoning) == true ? Path.reconciliation(tenant).appending("live") : nil,
      value: ReconciliationBody(file)
    ) { frame in
      result(
        frame,
        [
          "reckoning": "The source is being held against what is here.",
          "stopped": "The reconciliation was stopped. Nothing was kept of it.",
          "signed": "The client has signed off.", "closed": "This migration is closed. Another one can begin.",
        ])
      setbackPanel(forms.setback)
      if let file { content(tenant, file, forms, frame) } else { nothing(tenant) }
    }
  }

  private static func nothing(_ tenant: Tenant) -> HTML {
    HTML {
      pageHead("Reconciliation", facts: [a(.href(.card(tenant)), .dirAuto) { tenant.name }])
      nothingYet(
        "Nothing comes over yet", "Once data has come over, this page holds the source against what is here.",
        act: linkButton("Open data migration", to: .migration(tenant)))
    }
  }

  private static func content(
    _ tenant: Tenant, _ file: ReconciliationFile, _ forms: ReconciliationForms, _ frame: Frame
  ) -> HTML {
    HTML {
      pageHead("Reconciliation", facts: facts(tenant, file, frame)) { acts(tenant, file, forms, frame) }
      ReckoningPanels.progress(tenant, file, forms, frame)
      ReckoningPanels.failure(file, frame)
      ReckoningPanels.changes(file, frame)
      if file.reckoned.isEmpty, !file.isReckoning {
        nothingYet(
          "Nothing reckoned yet",
          "Reconciling counts every row of the source and every record here, holds them against each other, and says "
            + "why they differ. The client agrees to what it finds.")
      }
      if !file.reckoned.isEmpty {
        verdict(file.reckoned)
        signature(tenant, file, forms, frame)
        figures(file.reckoned)
        paper(tenant)
      }
      ReckoningPanels.earlier(tenant, file, frame)
    }
  }

  /// All kinds of record together, and each by itself.
  static func figures(_ reckoned: [Reconciliation]) -> HTML {
    HTML {
      overview(reckoned)
      for reckoned in reckoned { FiguresView.panels(reckoned.figures) }
    }
  }

  private static func facts(_ tenant: Tenant, _ file: ReconciliationFile, _ frame: Frame) -> [HTML] {
    var facts: [HTML] = [
      a(.href(.card(tenant)), .dirAuto) { tenant.name }, projectBadge(file.project.state),
      .text(ready(file.readiness)),
    ]
    if let first = file.reckoned.first {
      facts.append(
        HTML {
          "reckoned "
          frame.face.moment(first.madeAt)
          " by \(actorName(first.madeBy, file.names))"
        })
    }
    return facts
  }

  static func ready(_ readiness: MigrationReadiness) -> String {
    "\(readiness.ready) of \(readiness.chosen) kinds in and reconciled"
  }

  private static func acts(
    _ tenant: Tenant, _ file: ReconciliationFile, _ forms: ReconciliationForms, _ frame: Frame
  ) -> HTML {
    let here = Path.reconciliation(tenant)
    let version = [("version", String(file.project.version))]
    return HTML {
      if !file.reckoned.isEmpty {
        linkButton("Download as PDF", to: here.appending("pdf"))
        linkButton("Download as CSV", to: here.appending("csv"))
      }
      if forms.may, !file.isReckoning, [.active, .reconciling].contains(file.project.state) {
        postButton(
          file.project.state == .active ? "Reconcile" : "Reconcile again", to: here, frame.secrets("reconcile"),
          fields: version, style: file.project.state == .active ? .primary : .plain)
      }
    }
  }

  /// Whether it adds up, and if not, what does not.
  static func verdict(_ reckoned: [Reconciliation]) -> HTML {
    if let verdict = FigureWords.verdict(reckoned) {
      return div(.class("notice"), .data("meaning", "good")) { p { verdict } }
    }
    return div(.class("notice"), .data("meaning", "bad")) {
      p { "This does not add up:" }
      ul(.class("bullets")) {
        for difference in reckoned.flatMap(\.figures.differences) { li(.dirAuto) { difference } }
      }
    }
  }

  // MARK: The signature

  private static func signature(
    _ tenant: Tenant, _ file: ReconciliationFile, _ forms: ReconciliationForms, _ frame: Frame
  ) -> HTML {
    switch file.project.state {
    case .scoping, .active: .nothing
    case .reconciling where file.isReckoning || !file.changes.isEmpty: .nothing
    case .reconciling: forms.may ? signOff(tenant, file, forms, frame) : notYours(.migrationRun)
    case .signedOff, .closed: signed(tenant, file, forms, frame)
    }
  }

  private static func signOff(
    _ tenant: Tenant, _ file: ReconciliationFile, _ forms: ReconciliationForms, _ frame: Frame
  ) -> HTML {
    panel("Sign-off") {
      if file.obstacles.isEmpty {
        postForm(
          Path.reconciliation(tenant).appending("sign-off"), frame.secrets("sign-off"), version: file.project.version,
          state: forms.state, refused: "Nothing was signed"
        ) {
          p {
            "Show this page, or send its PDF. Once somebody at \(tenant.name) agrees that everything is here, note "
            "who. What came in files is removed 30 days after that, unless the client’s setting “Days to keep "
            "migration files” says otherwise."
          }
          textField(
            "confirmed_by", label: "Agreed by",
            help: "Who at the client agreed: a name and, if you have it, their role.", state: forms.state,
            maxLength: Reconciliation.confirmedByLimit)
          formActs { submitButton("Sign off migration") }
        }
      } else {
        p { "Before the client can sign off:" }
        ul(.class("bullets")) { for obstacle in file.obstacles { li(.dirAuto) { obstacle } } }
      }
    }
  }

  private static func signed(
    _ tenant: Tenant, _ file: ReconciliationFile, _ forms: ReconciliationForms, _ frame: Frame
  ) -> HTML {
    let project = file.project
    let confirmation = file.reckoned.first?.confirmation
    return HTML {
      panel("Signed off") {
        properties([
          ("Agreed by", clientText(confirmation?.by)),
          ("On", project.signedOffAt.map { frame.face.moment($0) } ?? dash),
          ("What came in files", kept(project, frame)),
        ])
      }
      if project.state == .signedOff, forms.may {
        formDanger(
          "Close this migration",
          consequence: "No file can be added to it any more; a further move begins with a new choice of what comes "
            + "over. Every record can still be taken back."
        ) {
          postButton(
            "Close migration", to: Path.reconciliation(tenant).appending("close"), frame.secrets("close"),
            fields: [("version", String(project.version))], style: .danger)
        }
      }
    }
  }

  private static func kept(_ project: MigrationProject, _ frame: Frame) -> HTML {
    if let purgedAt = project.purgedAt {
      return HTML {
        "removed on "
        frame.face.moment(purgedAt)
      }
    }
    guard let purgeAt = project.purgeAt else { return dash }
    return HTML {
      "kept until "
      frame.face.moment(purgeAt)
    }
  }

  /// Where it is signed on paper.
  static func paper(_ tenant: Tenant) -> HTML {
    div(.class("signatures"), .aria("hidden", "true")) {
      for party in [tenant.name, "Ethico"] {
        div {
          p(.dirAuto) { "For \(party)" }
          p(.class("signature-line")) { "Name" }
          p(.class("signature-line")) { "Date and signature" }
        }
      }
    }
  }

  // MARK: All kinds

  private static func overview(_ reckoned: [Reconciliation]) -> HTML {
    panel("All kinds of record") {
      FiguresView.rowTable(
        "Rows by kind of record",
        reckoned.map { FiguresView.Line(name: $0.figures.entity.pluralLabel, figures: $0.figures) })
    }
  }
}

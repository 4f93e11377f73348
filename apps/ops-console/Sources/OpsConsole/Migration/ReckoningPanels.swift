// The parts of the reconciliation's page that are about the reckoning itself: how far it is, that it failed, what
// happened since, and what the client signed before.

import Access
import EthicoTypes
import FoundationEssentials
import Mapping
import Markup
import Migration
import Web

enum ReckoningPanels {
  /// While it goes on: how far it is, and the way to stop it.
  static func progress(
    _ tenant: Tenant, _ file: ReconciliationFile, _ forms: ReconciliationForms, _ frame: Frame
  ) -> HTML {
    guard let reckoning = file.reckoning, reckoning.isRunning else { return .nothing }
    return HTML {
      liveRegion { WorkSlots(reckoning, of: tenant, at: file.moment).view }
      if forms.may {
        formActs {
          postButton(
            "Stop reconciling", to: Path.reconciliation(tenant).appending("stop"), frame.secrets("stop"),
            fields: [("version", String(file.project.version))])
        }
      }
    }
  }

  /// That nothing came of the last one. What was reckoned before it stands below.
  static func failure(_ file: ReconciliationFile, _ frame: Frame) -> HTML {
    guard let reckoning = file.reckoning, reckoning.state == .failed, let sentence = reckoning.failure else {
      return .nothing
    }
    return div(.class("notice"), .data("meaning", "bad")) {
      p {
        "The reconciliation that "
        actorName(reckoning.orderedBy, file.names)
        " ordered "
        frame.face.ago(reckoning.beganAt)
        " failed. \(sentence)"
      }
    }
  }

  /// What was imported or taken back after the figures below had been reckoned.
  static func changes(_ file: ReconciliationFile, _ frame: Frame) -> HTML {
    guard let last = file.changes.map(\.at).max(), !file.isReckoning else { return .nothing }
    let kinds = file.changes.map(\.entity.pluralLabel).joined(separator: ", ")
    let isSigned = file.reckoned.first?.confirmation != nil
    return div(.class("notice"), .data("meaning", "attention")) {
      p {
        isSigned
          ? "Imported or taken back since the client signed what stands below: \(kinds), last "
          : "Imported or taken back since this was reckoned: \(kinds), last "
        frame.face.moment(last)
        isSigned ? "." : ". Reconcile again before the client looks at it."
      }
    }
  }

  /// What the client signed before what is shown: frozen as it was then.
  static func earlier(_ tenant: Tenant, _ file: ReconciliationFile, _ frame: Frame) -> HTML {
    guard !file.earlier.isEmpty else { return .nothing }
    return panel("Signed before") {
      ul(.class("samples-list")) {
        for signed in file.earlier {
          li {
            a(.href(.signedReconciliation(signed.id, of: tenant))) {
              "Signed "
              frame.face.moment(signed.confirmation.at)
            }
            " by "
            clientText(signed.confirmation.by)
          }
        }
      }
    }
  }
}

/// What the page of a reconciliation is told while it is open.
enum ReckoningWatch {
  static func feed(_ context: BatchWatch.Context) -> LiveFeed<BatchWatch.Context> {
    LiveFeed(on: [.jobs(of: context.tenant.id)]) { context in
      try await context.ledger.tenant(by: context.author) { tx in
        guard let project = try await MigrationProject.newest(in: tx),
          let reckoning = try await Reckoning.latest(of: project.id, in: tx)
        else { return LiveValues() }
        return WorkSlots(reckoning, of: context.tenant, at: tx.at).values
      }
    }
  }
}

extension WorkSlots {
  init(_ reckoning: Reckoning, of tenant: Tenant, at moment: Date) {
    let work = reckoning.done.map {
      WorkProgress($0, of: reckoning.total, seconds: reckoning.workedSince.map { moment.timeIntervalSince($0) } ?? 0)
    }
    self.init(
      reckoning.isRunning ? "Being reckoned…" : "It has ended.", work, isRunning: reckoning.isRunning,
      result: .reconciliation(tenant))
  }
}

extension Path {
  /// One that was signed, as it was then.
  static func signedReconciliation(_ id: ID<Reconciliation>, of tenant: Tenant) -> Path {
    reconciliation(tenant).appending("signed").appending(id)
  }
}

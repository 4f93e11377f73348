// What changes on the pages of a migration while they are open: how far the work is, and that it is over.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Migration
import Web

/// The streams of a migration's pages.
enum BatchWatch {
  typealias Context = TenantContext<Watch<ReadMigration>>

  /// Of the page of one batch.
  static func feed(_ context: Context) throws -> LiveFeed<Context> {
    let id = try context.id("batch", of: Batch.self)
    return LiveFeed(on: [.jobs(of: context.tenant.id)]) { context in
      try await context.ledger.tenant(by: context.author) { tx in
        guard let batch = try await Batch.find(id, in: tx) else { throw Problem.notFound }
        let work = try await BatchWork.find(of: batch, in: tx)
        return WorkSlots(batch, of: context.tenant, work, at: tx.at).values
      }
    }
  }

  /// Of the page of all files: whether one that was being read has been.
  static func project(_ context: Context) throws -> LiveFeed<Context> {
    LiveFeed(on: [.jobs(of: context.tenant.id)]) { context in
      try await context.ledger.tenant(by: context.author) { tx in
        let isReading = try await SourceFileRecord.isBeingRead(in: tx)
        let link = LiveValue.Link("It has been read: show what is in it", .migration(context.tenant))
        return LiveValues([LiveSlot("files.again", .link(isReading ? nil : link))])
      }
    }
  }
}

/// The places of work that goes on for a page: what it is at, how far, and that it is over.
struct WorkSlots {
  private let state: LiveSlot
  private let progress: ProgressSlots
  private let again: LiveSlot
  /// What a screen reader says.
  let words: String?

  /// - Parameters:
  ///   - state: what is going on, or how it ended.
  ///   - work: how far it is, while it goes on.
  ///   - result: where its result stands, once it is over.
  init(_ state: String, _ work: WorkProgress?, isRunning: Bool, result: Path) {
    self.state = LiveSlot("work.state", .text(state))
    progress = ProgressSlots("work", isRunning ? work : nil)
    again = LiveSlot(
      "work.again", .link(isRunning ? nil : LiveValue.Link("It is done: show what came of it", result)))
    words = isRunning ? work?.words : state
  }

  var view: HTML {
    div(.class("notice"), .data("meaning", "info")) {
      p {
        strong { state.view }
        " "
        progress.view
        " "
        LiveSlot("work.again", .link(nil)).view
      }
      p(.class("muted")) { "You can leave this page; the work goes on." }
    }
  }

  var values: LiveValues { LiveValues([state] + progress.all + [again], saying: words) }
}

extension WorkSlots {
  /// The work on a batch.
  init(_ batch: Batch, of tenant: Tenant, _ work: BatchWork?, at moment: Date) {
    let progress = work.flatMap { work in
      work.done.map {
        WorkProgress($0, of: work.total, seconds: work.startedAt.map { moment.timeIntervalSince($0) } ?? 0)
      }
    }
    self.init(
      batch.standing + (batch.isMoving ? "…" : "."), progress, isRunning: batch.isMoving,
      result: .batch(batch.id, of: tenant))
  }
}

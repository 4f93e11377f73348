// What changes on the pages of a migration while they are open: how far the work is, and that it is over.

import Access
import EthicoTypes
import Foundation
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
        guard let batch = try await Batch.find(id, in: tx) else { return LiveValues() }
        let slots = BatchSlots(batch, try await BatchWork.find(of: batch, in: tx), at: tx.at)
        return LiveValues(slots.all(of: context.tenant), saying: slots.words)
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

/// The places of the work on a batch.
struct BatchSlots {
  private let batch: Batch
  private let state: LiveSlot
  private let progress: ProgressSlots
  /// What a screen reader says.
  let words: String?

  init(_ batch: Batch, _ work: BatchWork?, at moment: Date) {
    self.batch = batch
    let progress = work.flatMap { work in
      work.done.map {
        WorkProgress($0, of: work.total, seconds: work.startedAt.map { moment.timeIntervalSince($0) } ?? 0)
      }
    }
    state = LiveSlot("work.state", .text(batch.standing + (batch.isMoving ? "…" : ".")))
    self.progress = ProgressSlots("work", batch.isMoving ? progress : nil)
    words = batch.isMoving ? progress?.words : batch.standing
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

  func all(of tenant: Tenant) -> [LiveSlot] {
    let link = LiveValue.Link("It is done: show what came of it", .batch(batch.id, of: tenant))
    return [state] + progress.all + [LiveSlot("work.again", .link(batch.isMoving ? nil : link))]
  }
}

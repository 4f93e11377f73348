// What a former system wrote down about a record: the newest of it on the record's page, all of it on one of its own.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum ImportedHistoryView {
  /// Under a record's own history, and told apart from it; nothing where nothing came over.
  /// - Parameter record: the record's page.
  static func panel(_ history: ImportedHistory, below record: Path, _ frame: Frame) -> HTML {
    guard !history.events.isEmpty else { return .nothing }
    let count = counted(history.events.count, "event")
    return details(.class("panel history imported")) {
      summary {
        "History from \(names(history)) · "
        history.hasMore ? "the newest \(count)" : count
      }
      standing
      timeline(history.events.map { step($0, frame.face) }, frame.face)
      if history.hasMore {
        formActs { linkButton("Show all of it", to: page(below: record), style: .small) }
      }
    }
  }

  static func page(
    _ history: ImportedHistory, about subject: ImportedHistorySubject, isFirst: Bool
  ) -> Page {
    let here = page(below: subject.page)
    return Page(
      "Imported history", section: subject.section, crumbs: subject.crumbs, trace: subject.reference,
      value: ImportedHistoryBody(history)
    ) { frame in
      pageHead("Imported history", facts: [clientText(subject.title), .text("from \(names(history))")])
      if history.events.isEmpty {
        nothingYet(
          "No imported history",
          "Where a migration brings the trail of a former system, what it says of this record stands here.")
      } else {
        standing
        div(.class("imported")) { timeline(history.events.map { step($0, frame.face) }, frame.face) }
        pagination(
          shown: history.events.count, first: isFirst ? nil : here,
          next: history.next.map { here.query("after", $0) })
      }
    }
  }

  static func page(below record: Path) -> Path { record.appending("imported-history") }

  /// What this is, and what it is not.
  private static var standing: HTML {
    p(.class("imported-standing")) {
      "As the former system wrote it down: no part of our own audit trail, and outside its proof against tampering."
    }
  }

  private static func names(_ history: ImportedHistory) -> String {
    history.systemNames.isEmpty ? "a former system" : history.systemNames.joined(separator: " and ")
  }

  private static func step(_ event: ImportedEvent, _ face: ClockFace) -> TimelineStep {
    let changes = event.field.map { [FieldChange(label: $0, before: event.oldValue, after: event.newValue)] } ?? []
    return TimelineStep(
      at: event.occurredAt, kind: .other,
      text: HTML {
        strong(.dirAuto) { event.actor.map { $0 == "reporter" ? "Reporter" : $0 } ?? "Somebody" }
        " · "
        event.actionLabel.map { clientText($0) } ?? .text(word(event.action))
        if let comment = event.comment { span(.class("step-words"), .dirAuto) { comment } }
        for (name, value) in event.extra {
          span(.class("step-words muted"), .dirAuto) { "\(name): \(value)" }
        }
      },
      // Imports are run by staff alone, and whoever is inside a client's workspace, staff or client, reads of staff as
      // "Ethico Support", as in the record's own history.
      note: HTML {
        "Imported from \(event.systemName) on "
        face.moment(event.importedAt)
        " by Ethico Support"
      },
      changes: changes)
  }
}

/// The record that a page of imported history is about.
struct ImportedHistorySubject: Sendable {
  let title: String
  /// What the trail calls it.
  let reference: String
  /// Its id, and those of the records that went into it.
  let records: [UUID]
  /// Its own page.
  let page: Path
  let crumbs: [Crumb]
  /// The part of the workspace that it belongs to.
  let section: Path

  /// - Parameter within: what leads to its page; the first of them is its part of the workspace.
  init(title: String, reference: String? = nil, records: [UUID], page: Path, within: [Crumb]) {
    self.title = title
    self.reference = reference ?? title
    self.records = records
    self.page = page
    section = within.first?.path ?? page
    crumbs = within + [Crumb(reference ?? title, page)]
  }
}

/// A page of imported history, for programs.
struct ImportedHistoryBody: Encodable, Sendable {
  let items: [ImportedEventBody]
  /// Where the next page begins.
  let next: String?

  init(_ history: ImportedHistory) {
    items = history.events.map(ImportedEventBody.init)
    next = history.next
  }
}

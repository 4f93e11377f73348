// What an undo would do, before it does it: every record in one bucket, what each bucket means, and the one button.

import Access
import EthicoTypes
import FoundationEssentials
import Mapping
import Markup
import Migration
import Web

enum UndoView {
  static func page(
    _ tenant: Tenant, _ batch: Batch, _ plan: UndoPlan, _ draft: UndoDraft, setback: Setback?, may: Bool
  ) -> Page {
    Page(
      "Undo", section: "/tenants", crumbs: MapperView.crumbs(tenant, batch), trace: batch.title,
      value: UndoBody(plan, later: LaterImports(isKept: draft.keepsLater))
    ) { frame in
      setbackPanel(setback)
      errorSummary(setback?.errors ?? [], "Nothing was undone")
      pageHead(title(batch, draft), facts: [clientText(batch.title), .text(looked(plan))])
      if draft.records?.isEmpty == true {
        nothingYet(
          "No record is selected", "Tick those that are to be taken back in the list of what came over.",
          act: linkButton("Back to what came over", to: Path.batch(batch.id, of: tenant).appending("records")))
      } else if plan.total == 0 {
        nothingYet("Nothing to undo", "Everything of it has been taken back, or nothing came over.")
      } else {
        laterImports(tenant, batch, plan, draft)
        for bucket in UndoBucket.allCases { bucketPanel(bucket, plan, bucket.title, meaning(bucket, draft)) }
        if may { form(tenant, batch, plan, draft, frame) } else { notYours(.migrationRun) }
      }
    }
  }

  static func looked(_ plan: UndoPlan) -> String {
    guard plan.unseen == 0 else { return "\(grouped(plan.looked)) of \(grouped(plan.total)) records looked at" }
    return counted(plan.looked, "record") + " looked at"
  }

  private static func title(_ batch: Batch, _ draft: UndoDraft) -> String {
    switch draft.records?.count {
    case nil: "Undo the whole batch"
    case 1?: "Undo one record"
    case let count?: "Undo \(grouped(count)) records"
    }
  }

  /// Where later imports changed something, both ways to go are looked at before one is taken.
  private static func laterImports(_ tenant: Tenant, _ batch: Batch, _ plan: UndoPlan, _ draft: UndoDraft) -> HTML {
    guard draft.keepsLater || plan.unseen > 0 || plan.counts[.superseded, default: 0] > 0 else { return .nothing }
    let ways = [(label: "Take back later imports too", keeps: false), (label: "Keep later imports", keeps: true)]
    return tabs(
      "Later imports", ways.map { ($0.label, draft.path(batch, of: tenant, keepsLater: $0.keeps)) },
      current: draft.path(batch, of: tenant, keepsLater: draft.keepsLater))
  }

  private static func meaning(_ bucket: UndoBucket, _ draft: UndoDraft) -> String {
    guard bucket == .superseded, draft.keepsLater else { return bucket.meaningWords }
    return "A later import changed it and stays: only what this import changed goes, from under it. What came new with "
      + "this import stays too where a later one builds on it."
  }

  /// The records of one bucket: how many, what that means for them, and some of them.
  static func bucketPanel(_ bucket: UndoBucket, _ plan: UndoPlan, _ title: String, _ meaning: String) -> HTML {
    guard let count = plan.counts[bucket], count > 0 else { return .nothing }
    return panel(title, aside: badge(grouped(count), bucket.meaning)) {
      p { meaning }
      let samples = plan.samples.filter { $0.bucket == bucket }
      ul(.class("samples-list")) {
        for verdict in samples {
          li {
            clientText(verdict.key)
            span(.class("muted")) { " row \(grouped(verdict.rowNumber))" }
            if !verdict.reasons.isEmpty {
              span(.class("muted")) { " · " + verdict.findings.joined(separator: " · ") }
            }
          }
        }
      }
      if count > samples.count {
        p(.class("muted")) { "These are \(grouped(samples.count)) of \(grouped(count))." }
      }
    }
  }

  private static func form(
    _ tenant: Tenant, _ batch: Batch, _ plan: UndoPlan, _ draft: UndoDraft, _ frame: Frame
  ) -> HTML {
    let state = FormState(draft.fields)
    let blocked = plan.leaves.blocked
    let edited = plan.leaves.edited
    return postForm(
      Path.batch(batch.id, of: tenant).appending("undo"), frame.secrets("undo"), state: state, leaving: .silent,
      refused: "Nothing was undone"
    ) {
      if draft.records != nil { hiddenField("scope", UndoDraft.some) }
      for record in draft.records ?? [] { hiddenField("items[]", record.description) }
      if draft.keepsLater { hiddenField(UndoDraft.keepLater, "true") }
      if blocked + plan.unseen > 0 {
        checkbox(
          "include_blocked", label: "Also take \(also(blocked, plan)) that the client’s own work hangs on",
          help: "Comments, tasks and the like that were written here go with them.", state: state)
      }
      if edited + plan.unseen > 0 {
        checkbox(
          "include_edited", label: "Also take \(also(edited, plan)) that were changed here since",
          help: "What was changed here is lost.", state: state)
      }
      if blocked + edited + plan.unseen > 0 {
        textField(
          "reason", label: "Reason", help: "Needed where more goes than came over, at least 10 characters.",
          state: state, need: .optional, maxLength: 500, size: .long)
      }
      p { consequence(plan) + (draft.keepsLater ? " Later imports stay." : "") }
      if plan.unseen == 0, plan.along > 0 { hanging(tenant, plan) }
      formActs {
        let going = plan.acting + plan.along
        if plan.unseen > 0 {
          submitButton("Undo the whole batch", style: .danger)
        } else if going + blocked + edited > 0 {
          submitButton("Undo \(counted(going, "record"))", style: .danger)
        }
        linkButton("Leave everything as it is", to: .batch(batch.id, of: tenant), style: .quiet)
      }
    }
  }

  /// What goes along, by the batch that it came with: whoever undoes one file sees which others lose something.
  private static func hanging(_ tenant: Tenant, _ plan: UndoPlan) -> HTML {
    HTML {
      p { "With \(plan.acting == 1 ? "it" : "them") go:" }
      ul(.class("bullets")) {
        for hanging in plan.hanging {
          let entity = hanging.entity
          li {
            counted(hanging.records, entity.label.lowercased(), entity.pluralLabel.lowercased())
            " of "
            a(.href(Path.batch(hanging.batch, of: tenant))) { clientText(hanging.source) }
          }
        }
      }
    }
  }

  /// How many of a kind there are, where all were looked at.
  private static func also(_ count: Int, _ plan: UndoPlan) -> String {
    plan.unseen == 0 ? grouped(count) : "those"
  }

  private static func consequence(_ plan: UndoPlan) -> String {
    let kept = plan.looked - plan.acting
    guard plan.unseen == 0 else {
      return "Of \(grouped(plan.looked)) records from all over the batch \(grouped(plan.acting)) would be taken back"
        + (kept == 0 ? "." : ", and \(grouped(kept)) would stay.")
        + " Each of the others is looked at when its turn comes; what stays is listed afterwards."
        + " An undo can be taken back itself, at any time."
    }
    let words = counted(plan.acting, "record is taken back", "records are taken back")
    let hanging = counted(plan.along, "that hangs", "that hang")
    let along = plan.along == 0 ? "" : ", with \(hanging) on \(plan.acting == 1 ? "it" : "them")"
    return words + along + (kept == 0 ? "." : ", \(grouped(kept)) stay.")
      + " An undo can be taken back itself, at any time."
  }
}

extension UndoVerdict {
  /// What was found, for people: without the word of its bucket, which stands before it for programs.
  var findings: [String] {
    reasons.map { reason in
      guard let colon = reason.firstRange(of: ": "), UndoBucket(rawValue: String(reason[..<colon.lowerBound])) != nil
      else { return reason }
      return String(reason[colon.upperBound...])
    }
  }
}

extension UndoBucket {
  var title: String {
    switch self {
    case .gone: "Not here any more"
    case .held: "Held"
    case .superseded: "Changed by a later import"
    case .blockedNative: "The client’s own work hangs on it"
    case .edited: "Changed here since"
    case .needsCascade: "With what came along"
    case .clean: "As it came"
    case .errored: "Refused by the database"
    }
  }

  var meaning: Meaning {
    switch self {
    case .clean, .needsCascade: .good
    case .superseded, .edited, .blockedNative: .attention
    case .held, .errored: .bad
    case .gone: .neutral
    }
  }

  var meaningWords: String {
    switch self {
    case .gone: "Deleted or erased meanwhile: marked as undone, nothing else happens."
    case .held: "A legal hold or a retention rule keeps it. It stays."
    case .superseded: "A later import changed it: the later layers are taken back first, then this one."
    case .blockedNative: "Something written here depends on it. It stays, unless you take that along."
    case .edited: "Somebody changed what was imported. It stays, unless you give that up."
    case .needsCascade: "What was imported with it and hangs on it goes first."
    case .clean: "Untouched since it came: taken back whole."
    case .errored: "The database refused to take it back. It stays, and is listed."
    }
  }
}

/// What becomes of later imports by an undo, for programs.
enum LaterImports: String, Encodable, Sendable {
  case taken, kept

  init(isKept: Bool) {
    self = isKept ? .kept : .taken
  }
}

/// What an undo would do, for programs.
struct UndoBody: Encodable, Sendable {
  let total: Int
  /// How many of them were not looked at.
  let unseen: Int
  let acting: Int
  let along: Int
  /// What those are, by the batch that they came with.
  let hanging: [Hanging]
  let later: LaterImports?
  let buckets: [String: Int]
  let samples: [Sample]

  struct Sample: Encodable, Sendable {
    let record: String
    let row: Int
    let key: String
    let bucket: UndoBucket
    let reasons: [String]
  }

  struct Hanging: Encodable, Sendable {
    let batch: ID<Batch>
    let entity: ImportEntity
    let source: String
    let records: Int
  }

  init(_ plan: UndoPlan, later: LaterImports? = nil) {
    self.later = later
    total = plan.total
    unseen = plan.unseen
    acting = plan.acting
    along = plan.along
    hanging = plan.hanging.map {
      Hanging(batch: $0.batch, entity: $0.entity, source: $0.source, records: $0.records)
    }
    buckets = Dictionary(uniqueKeysWithValues: plan.counts.map { ($0.key.rawValue, $0.value) })
    samples = plan.samples.map {
      Sample(record: $0.record.description, row: $0.rowNumber, key: $0.key, bucket: $0.bucket, reasons: $0.reasons)
    }
  }
}

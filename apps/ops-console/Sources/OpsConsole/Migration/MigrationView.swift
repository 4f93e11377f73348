// The page of a client's move: what comes over and how far each kind is, its files, and the way to add one.

import Access
import EthicoTypes
import FoundationEssentials
import Mapping
import Markup
import Migration
import Web

enum MigrationView {
  static func page(
    _ tenant: Tenant, _ desk: MigrationDesk, _ state: FormState, source: FormState?, setback: Setback?, may: Bool
  ) -> Page {
    Page(
      "Data migration", section: "/tenants",
      crumbs: [Crumb("Clients", "/tenants"), Crumb(tenant.name, .card(tenant))],
      live: desk.isMoving ? Path.migration(tenant).appending("live") : nil, value: MigrationBody(desk)
    ) { frame in
      result(
        frame,
        [
          "scope": "What comes over is settled.", "source": "Where it comes from is saved.",
          "file": "The file is here. It is being read.",
          "files": "The files are here. They are being read.",
          "known": "This very file is here already. Nothing was kept twice.",
          "again": "The file is being read again: a new batch is made of each of its tables.",
          "upload-removed": "What was here of the file is gone.",
          "table": "The hidden table is being read; it becomes a batch of its own.",
          "deleted": "The file is gone, with everything read from it.",
        ])
      setbackPanel(setback)
      pageHead("Data migration", facts: facts(tenant, desk, frame)) {
        if may { linkButton("Change what comes over", to: Path.migration(tenant).appending("scope")) }
        linkButton("Open reconciliation", to: .reconciliation(tenant))
      }
      checklist(desk)
      columns {
        div { files(tenant, desk, frame, may: may) }
        div {
          if may { UploadView.form(tenant, desk.project.choices, state, frame) } else { notYours(.migrationRun) }
          UploadView.unfinished(tenant, desk.uploads, frame, may: may)
          if may { SourceView.panel(tenant, desk, source, frame) }
        }
      }
    }
  }

  private static func facts(_ tenant: Tenant, _ desk: MigrationDesk, _ frame: Frame) -> [HTML] {
    var facts: [HTML] = [
      a(.href(.card(tenant)), .dirAuto) { tenant.name }, projectBadge(desk.project.state),
      HTML {
        "begun "
        frame.face.ago(desk.project.openedAt)
      },
    ]
    if let source = desk.sources.ofNewBatches, source.isNamed { facts.append(clientText("from \(source.label)")) }
    facts.append(a(.href(.reconciliation(tenant))) { ReconciliationView.ready(desk.readiness) })
    if let decidedBy = desk.project.decidedBy {
      facts.append(
        HTML {
          "decided by "
          clientText(decidedBy)
        })
    }
    return facts
  }

  /// What was chosen, each with how far it is.
  private static func checklist(_ desk: MigrationDesk) -> HTML {
    ul(.class("steps")) {
      for choice in ImportChoice.checklist where desk.project.choices.contains(choice) {
        li {
          strong { choice.label }
          " "
          standing(desk.batches.filter { $0.entity.rawValue == choice.rawValue && $0.state != .cancelled })
        }
      }
    }
  }

  private static func standing(_ batches: [Batch]) -> HTML {
    guard !batches.isEmpty else { return span(.class("muted")) { "no file yet" } }
    let committed = batches.filter { $0.committedAt != nil }
    if committed.count == batches.count { return badge("Imported", .good) }
    return badge("\(committed.count) of \(batches.count) imported", .away)
  }

  // MARK: Files

  private static func files(_ tenant: Tenant, _ desk: MigrationDesk, _ frame: Frame, may: Bool) -> HTML {
    guard !desk.files.isEmpty else {
      return nothingYet(
        "No file yet",
        "Upload the exports of the former system as they are, in any order: CSV, TSV, Excel, JSON, or a ZIP of them "
          + "with attachments. Each is read, its columns are matched with our fields, and nothing is imported before "
          + "you have seen it.")
    }
    return HTML {
      for file in desk.files {
        div(.id(file.place)) { filePanel(file, tenant, desk, frame, may: may) }
      }
    }
  }

  private static func filePanel(
    _ file: SourceFileRecord, _ tenant: Tenant, _ desk: MigrationDesk, _ frame: Frame, may: Bool
  ) -> HTML {
    panel(file.name, aside: fileAside(file, frame)) {
      if let refusal = file.refusal { refused(refusal) }
      if file.isBeingRead { beingRead }
      batches(of: file, tenant, desk)
      PurgeNotice.line(file, frame)
      if file.purgedAt == nil {
        HiddenTables.notice(desk.hidden.filter { $0.file == file.id }, tenant, frame, may: may)
      }
      if may, desk.mayMakeBatches(of: file) || desk.mayDelete(file) {
        formActs {
          if desk.mayMakeBatches(of: file) { batchButton(file, tenant, frame) }
          if desk.mayDelete(file) { deleteButton(file, tenant, frame) }
        }
      }
    }
  }

  private static func fileAside(_ file: SourceFileRecord, _ frame: Frame) -> HTML {
    span(.class("muted")) {
      [file.kind?.uppercased(), byteCount(file.byteCount)].compactMap(\.self).joined(separator: " · ") + " · "
      frame.face.ago(file.uploadedAt)
    }
  }

  private static var beingRead: HTML {
    liveRegion {
      p {
        span(.class("muted")) { "Being read… " }
        LiveSlot("files.again", .link(nil)).view
      }
    }
  }

  private static func refused(_ refusal: SourceFileRecord.Refusal) -> HTML {
    div(.class("notice"), .data("meaning", "bad")) {
      p(.dirAuto) { refusal.text }
      p(.class("muted")) { code { refusal.code } }
    }
  }

  private static func batches(of file: SourceFileRecord, _ tenant: Tenant, _ desk: MigrationDesk) -> HTML {
    let batches = desk.batches.filter { $0.file == file.id }
    guard !batches.isEmpty else { return .nothing }
    return ul(.class("batch-lines")) {
      for batch in batches { li { line(batch, tenant, desk) } }
    }
  }

  private static func line(_ batch: Batch, _ tenant: Tenant, _ desk: MigrationDesk) -> HTML {
    HTML {
      span {
        a(.href(.batch(batch.id, of: tenant))) { batch.entity.pluralLabel }
        if let table = batch.table, !table.isEmpty {
          " · "
          clientText(table)
        }
      }
      span(.class("muted")) {
        counted(batch.rowCount, "row")
        if batch.source.isNamed {
          " · "
          clientText(batch.source.label)
        }
      }
      batchBadge(batch.state)
      if let open = desk.conflicts[batch.id] {
        a(.href(Path.batch(batch.id, of: tenant).appending("conflicts"))) { ConflictView.openBadge(open) }
      }
      nextStep(batch, tenant)
    }
  }

  /// What to do with it, named after it: files have many.
  private static func nextStep(_ batch: Batch, _ tenant: Tenant) -> HTML {
    let home = Path.batch(batch.id, of: tenant)
    let (words, page) =
      switch batch.state {
      case .profiled, .mapped: ("Map its columns", home.appending("map"))
      case .staged, .validated: ("Check and import", home)
      case .committed, .partiallyUndone: ("See what came over", home)
      case .uploaded, .committing, .paused, .failed, .undoing, .undone, .cancelled: ("Open", home)
      }
    return a(.href(page), .aria("label", "\(words): \(batch.title)")) { words }
  }

  private static func batchButton(_ file: SourceFileRecord, _ tenant: Tenant, _ frame: Frame) -> HTML {
    postButton(
      "Make a new batch", to: Path.migration(tenant).appending("files").appending(file.id).appending("batches"),
      frame.secrets("batches-\(file.id)"), style: [.small], name: "Make a new batch of \(file.name)")
  }

  private static func deleteButton(_ file: SourceFileRecord, _ tenant: Tenant, _ frame: Frame) -> HTML {
    postButton(
      "Delete file", to: Path.migration(tenant).appending("files").appending(file.id).appending("delete"),
      frame.secrets("delete-\(file.id)"), style: [.quiet, .small], name: "Delete file \(file.name)")
  }
}

extension MigrationDesk {
  /// Whether something goes on by itself.
  var isMoving: Bool {
    files.contains(where: \.isBeingRead)
      || batches.contains(where: \.isMoving) || hidden.contains(where: \.isBeingRead)
  }

  /// Whether the file can be imported again: it was read before, and nothing of it is on its way.
  func mayMakeBatches(of file: SourceFileRecord) -> Bool {
    let its = batches.filter { $0.file == file.id }
    guard file.kind != nil, file.refusal == nil, file.purgedAt == nil, !file.isBeingRead else { return false }
    return !its.isEmpty && its.allSatisfy(\.state.isOver)
  }

  /// Whether nothing came from the file.
  func mayDelete(_ file: SourceFileRecord) -> Bool {
    batches.allSatisfy { $0.file != file.id || $0.state.isOpen || $0.state == .cancelled }
  }
}

/// The badge of where a client's move stands.
func projectBadge(_ state: ProjectState) -> HTML {
  switch state {
  case .scoping: badge(state.label, .attention)
  case .active, .reconciling: badge(state.label, .away)
  case .signedOff: badge(state.label, .good)
  case .closed: badge(state.label, .neutral)
  }
}

/// The badge of where a batch stands: the same on every page.
func batchBadge(_ state: BatchState) -> HTML {
  switch state {
  case .uploaded, .staged, .committing, .undoing: badge(state.label, .away)
  case .profiled: badge(state.label, .attention)
  case .mapped, .validated: badge(state.label, .info)
  case .committed: badge(state.label, .good)
  case .paused: badge(state.label, .attention)
  case .failed: badge(state.label, .bad)
  case .undone, .partiallyUndone, .cancelled: badge(state.label, .neutral)
  }
}

// The page of a batch: where it stands and what comes next, what is wrong with its rows, and rows as they would be.

import Access
import EthicoTypes
import FoundationEssentials
import Mapping
import Markup
import Migration
import SourceFiles
import Web

enum BatchView {
  static func page(_ tenant: Tenant, _ file: BatchFile, _ forms: BatchForms) -> Page {
    let batch = file.batch
    return Page(
      batch.title, section: "/tenants",
      crumbs: [
        Crumb("Clients", "/tenants"), Crumb(tenant.name, .card(tenant)), Crumb("Data migration", .migration(tenant)),
      ], trace: batch.title, live: batch.isMoving ? Path.batch(batch.id, of: tenant).appending("live") : nil,
      value: BatchBody(file)
    ) { frame in
      result(frame, sentences.merging(["acknowledged": noted(file)]) { $1 })
      ImportPanels.undone(frame)
      setbackPanel(forms.setback)
      pageHead(batch.title, facts: facts(batch)) { next(tenant, batch, forms, frame) }
      steps(tenant, file)
      if batch.isMoving { liveRegion { WorkSlots(batch, of: tenant, file.work, at: frame.face.now).view } }
      ImportPanels.paused(file)
      if let failure = batch.failure {
        div(.class("notice"), .data("meaning", "bad")) { p(.dirAuto) { failure } }
      }
      PurgeNotice.line(batch, frame)
      ReadingView.refusal(batch)
      if batch.state.isOpen {
        HiddenTables.notice(file.hidden, tenant, frame, may: forms.may)
        reading(tenant, file, forms, frame)
        SourceView.fold(tenant, file, forms, frame)
      }
      if batch.stagedNumber != nil, batch.state != .staged {
        if batch.committedAt == nil { outcome(batch) } else { ImportPanels.result(tenant, file, frame) }
        FieldRulesView.fold(tenant, file, forms, frame)
        if batch.state == .validated, forms.may { ImportPanels.begin(tenant, file, forms, frame) }
        if forms.may { ImportPanels.steering(tenant, file, frame) }
        ImportPanels.undos(tenant, file, frame, may: forms.may)
        issues(tenant, file, forms, frame)
        RowRepairPanels.rows(tenant, file, forms, frame)
        PreviewPanel.view(tenant, file, forms, frame)
      }
      if forms.may, batch.state.isOpen, !batch.isMoving { cancel(tenant, batch, frame) }
    }
  }

  /// While rows are being checked it stays as it is.
  private static func reading(_ tenant: Tenant, _ file: BatchFile, _ forms: BatchForms, _ frame: Frame) -> HTML {
    let form: ReadingForm = forms.may && file.batch.state != .staged ? .open(forms.reading) : .closed
    let withheld = file.batch.entity == .case ? file.mapping.identityColumns : []
    return ReadingView.panel(tenant, file.batch, withheld: withheld, form, frame)
  }

  private static let sentences = [
    "reading": "The file is being read again.", "source": "Where the rows come from is saved.",
    "rules": "The rules are saved. All rows are being checked by them.",
    "rules-same": "These rules are saved already. Nothing was changed.",
    "reading-same": "It is read like that already. Nothing was changed.",
    "mapped": "The mapping is saved.", "values": "What the values become is saved. Check the rows again.",
    "stage": "Every row is being read and checked.",
    "commit": "The import has begun.", "paused": "The import pauses after the rows that are being written.",
    "resumed": "The import goes on where it stopped.", "stopped": "The import has stopped; what came over stays.",
    "undoing": "The undo has begun.", "undone-none": "Nothing was undone.",
    "reversed": "The undo was taken back: the records are here again.", "reversing": "The records are coming back.",
    "reversed-none": "Nothing came back.",
    "corrected": "The corrected rows are being read, and all of them checked again.",
    "blanked": "These rows are being read again without who reported them.",
    "cancelled": "The batch is cancelled. Nothing of it came over.", "entity": "The columns were looked at anew.",
  ]

  /// Whoever notes some of several warnings is told that others are left.
  private static func noted(_ file: BatchFile) -> String {
    let all = file.warnings.count
    let noted = all - file.unnoted.count
    return noted == all ? "The warnings are noted." : "\(noted) of \(all) warnings \(noted == 1 ? "is" : "are") noted."
  }

  private static func facts(_ batch: Batch) -> [HTML] {
    [
      batchBadge(batch.state), .text("\(grouped(batch.rowCount)) rows"),
      clientText([batch.fileName, batch.table].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " · ")),
      clientText("from \(batch.source.label)"),
    ]
  }

  /// The one thing to do next.
  private static func next(_ tenant: Tenant, _ batch: Batch, _ forms: BatchForms, _ frame: Frame) -> HTML {
    let home = Path.batch(batch.id, of: tenant)
    guard forms.may else { return .nothing }
    switch batch.state {
    case .profiled: return linkButton("Map its columns", to: home.appending("map"), style: .primary)
    case .mapped:
      return HTML {
        linkButton("Map values", to: home.appending("values"))
        linkButton("Map columns", to: home.appending("map"))
        stageButton("Check rows", home, batch, frame, style: .primary)
      }
    case .validated:
      return HTML {
        linkButton("Map values", to: home.appending("values"))
        linkButton("Map columns", to: home.appending("map"))
        stageButton("Check again", home, batch, frame, style: .plain)
      }
    case .committed, .partiallyUndone:
      return HTML {
        linkButton("What came over", to: home.appending("records"))
        linkButton("Undo this batch", to: home.appending("undo"))
      }
    case .uploaded, .staged, .committing, .paused, .cancelled, .failed, .undoing, .undone:
      return .nothing
    }
  }

  private static func stageButton(
    _ label: String, _ home: Path, _ batch: Batch, _ frame: Frame, style: ButtonStyle
  ) -> HTML {
    postButton(
      label, to: home.appending("stage"), frame.secrets("stage"), fields: [("version", String(batch.version))],
      style: style)
  }

  private static func steps(_ tenant: Tenant, _ file: BatchFile) -> HTML {
    let home = Path.batch(file.batch.id, of: tenant)
    let undecided = file.mapping.undecided.count
    return ol(.class("steps")) {
      li {
        a(.href(home.appending("map"))) { "Columns" }
        " "
        undecided == 0 ? badge("Settled", .good) : badge("\(undecided) to decide", .attention)
      }
      li {
        a(.href(home.appending("values"))) { "Values" }
      }
      li {
        "Check "
        file.batch.stagedNumber == nil ? span(.class("muted")) { "not yet" } : batchBadge(file.batch.state)
      }
    }
  }

  // MARK: What would happen

  private static func outcome(_ batch: Batch) -> HTML {
    let counts = batch.counts
    let rows: [(String, Int, Meaning)] = [
      ("New", counts.insert, .good), ("Changed", counts.update, .info), ("As they were", counts.unchanged, .neutral),
      ("To decide", counts.conflict, .attention), ("Stay behind", counts.reject, .bad),
    ]
    return ul(.class("tallies")) {
      for (label, count, meaning) in rows where count > 0 || label == "New" {
        li {
          strong { grouped(count) }
          " "
          badge(label, meaning)
        }
      }
    }
  }

  private static func issues(_ tenant: Tenant, _ file: BatchFile, _ forms: BatchForms, _ frame: Frame) -> HTML {
    guard !file.issues.isEmpty else {
      return file.batch.state == .staged || file.batch.committedAt != nil
        ? .nothing
        : div(.class("notice"), .data("meaning", "good")) {
          p { "Every row can come over. Nothing is wrong with any." }
        }
    }
    // What names a reporter is in several columns, and blanked in all of them at once.
    let identity = file.issues.first { $0.code == .anonymityIdentity }
    return panel("What was found") {
      dataTable(
        "Issues by rule and column", file.issues,
        columns: [
          Column("Rule", kind: .link) { issue in
            let finding = BatchFinding(code: issue.code, position: issue.position)
            a(.href(finding.path(of: file.batch, tenant))) { issue.code.label }
            br()
            code { issue.code.rawValue }
          },
          Column("Level") { issue in levelBadge(issue.code, file.batch) },
          Column("Column") { issue in clientText(file.batch.column(at: issue.position)) },
          Column("Rows", kind: .number) { issue in grouped(issue.count) },
          Column("Example") { issue in
            // What is no row's stands under none.
            if issue.row > 0 {
              a(.href(Path.batch(file.batch.id, of: tenant).appending("rows").appending(issue.row))) {
                "row \(grouped(issue.row))"
              }
            }
            if let value = issue.value {
              " "
              clientText(String(value.prefix(60)))
            }
          },
          Column("What to do") { issue in
            remedy(issue, tenant, file)
            if issue == identity { RowRepairPanels.blank(tenant, file, forms, frame) }
          },
        ])
      acknowledgeForm(tenant, file, forms, frame)
    }
  }

  /// What to do, with the way there where a page of the batch is the place for it.
  private static func remedy(_ issue: IssueGroup, _ tenant: Tenant, _ file: BatchFile) -> HTML {
    let code = issue.code
    guard code.isOfBatch || code == .enumRejected else { return .text(code.remedy) }
    let home = Path.batch(file.batch.id, of: tenant)
    let column = file.mapping.matched.first { $0.index == issue.position }
    let field = column?.target.flatMap { TargetSchema.field(named: $0, of: file.batch.entity) }
    if field?.isFlag ?? false {
      return a(.href(home.appending("map"))) { "Say in the mapper which words mean yes and which no." }
    }
    let isAboutValues = code == .enumUndecided || code == .enumRejected
    return a(.href(home.appending(isAboutValues ? "values" : "map"))) { code.remedy }
  }

  private static func acknowledgeForm(
    _ tenant: Tenant, _ file: BatchFile, _ forms: BatchForms, _ frame: Frame
  ) -> HTML {
    let codes = file.unnoted
    guard forms.may, file.batch.state == .validated, !codes.isEmpty else { return .nothing }
    let state = FormState(errors: forms.setback?.errors.filter { $0.field == "code" } ?? [])
    return postForm(
      Path.batch(file.batch.id, of: tenant).appending("acknowledge"), frame.secrets("acknowledge"),
      version: file.batch.version, state: state, leaving: .silent, refused: "Nothing was noted"
    ) {
      checkboxGroup(
        "code", label: "Take note of", help: "Each warning is noted by name before the rows can come over.",
        state: state, options: codes.map { ($0.rawValue, $0.label) })
      formActs { submitButton("Note these warnings", style: .plain) }
    }
  }

  private static func levelBadge(_ code: IssueCode, _ batch: Batch) -> HTML {
    switch code.level {
    case .blocker: code.isOfBatch ? badge("Blocks the batch", .bad) : badge("Row stays behind", .bad)
    case .warning:
      batch.acknowledged.contains(code.rawValue) ? badge("Noted", .neutral) : badge("Warning", .attention)
    case .info: badge("For information", .info)
    }
  }

  // MARK: Rows

  static func decisionBadge(_ row: PreviewRow) -> HTML { decisionBadge(row.decision) }

  static func decisionBadge(_ decision: StagedDecision?) -> HTML {
    switch decision {
    case .insert: badge("New", .good)
    case .update: badge("Changed", .info)
    case .unchanged: badge("As it was", .neutral)
    case .conflict: badge("To decide", .attention)
    case .reject: badge("Stays behind", .bad)
    case .skip: badge("Left out", .neutral)
    case nil: dash
    }
  }

  private static func cancel(_ tenant: Tenant, _ batch: Batch, _ frame: Frame) -> HTML {
    let rows = "Its " + counted(batch.rowCount, "row is", "rows are")
    return formDanger(
      "Cancel this batch", consequence: "\(rows) not imported. The file stays; nothing else changes."
    ) {
      postButton(
        "Cancel batch", to: Path.batch(batch.id, of: tenant).appending("cancel"), frame.secrets("cancel"),
        fields: [("version", String(batch.version))], style: .danger)
    }
  }
}

extension BatchFile {
  /// What its rows are warned of, each once.
  var warnings: [IssueCode] {
    var seen: Set<IssueCode> = []
    return issues.map(\.code).filter { $0.level == .warning && seen.insert($0).inserted }
  }

  /// Warnings that nobody took note of.
  var unnoted: [IssueCode] { warnings.filter { !batch.acknowledged.contains($0.rawValue) } }
}

extension Batch {
  /// Whether something goes on by itself.
  var isMoving: Bool { [.staged, .committing, .undoing].contains(state) || isBeingRead }

  /// The name of a column of its file; `nil` for what is about rows as a whole.
  func column(at position: Int?) -> String? {
    position.flatMap { shape.columns.indices.contains($0) ? shape.columns[$0] : nil }
  }

  /// What goes on, or where it stands.
  var standing: String { isBeingRead ? "Being read again" : state.label }
}

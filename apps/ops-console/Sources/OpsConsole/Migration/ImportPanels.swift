// The parts of a batch's page that lead its rows into the records and back.

import Access
import EthicoTypes
import FoundationEssentials
import Mapping
import Markup
import Migration
import Web

enum ImportPanels {
  /// Before the import: what stands in the way, or the button.
  static func begin(_ tenant: Tenant, _ file: BatchFile, _ forms: BatchForms, _ frame: Frame) -> HTML {
    let batch = file.batch
    let obstacles = batch.obstacles(file.issues)
    let errors = forms.setback?.errors.filter { $0.field == "slug" } ?? []
    let noun = batch.counts.writing == 1 ? batch.entity.label.lowercased() : batch.entity.pluralLabel.lowercased()
    return panel("Import") {
      if !obstacles.isEmpty, batch.counts.writing > 0 || file.issues.contains(where: \.code.isOfBatch) {
        p { "Before it can be imported:" }
        ul(.class("bullets")) { for obstacle in obstacles { li { obstacle } } }
      } else if batch.counts.writing == 0 {
        p { "No row would change anything: there is nothing to import." }
      } else if !file.awaited.isEmpty {
        p { "Its rows refer to records that have not been imported yet. Import first:" }
        ul(.class("bullets")) {
          for first in file.awaited { li { a(.href(Path.batch(first.id, of: tenant))) { clientText(first.title) } } }
        }
      } else {
        postForm(
          Path.batch(batch.id, of: tenant).appending("commit"), frame.secrets("commit"), version: batch.version,
          state: FormState(forms.fields, errors: errors), leaving: .silent,
          refused: "Nothing was imported"
        ) {
          p {
            "\(grouped(batch.counts.writing)) \(noun) come into the workspace of "
            clientText(tenant.name)
            ", "
            "\(grouped(batch.counts.reject)) rows stay behind. Nobody is notified, and every record can be taken back."
          }
          if batch.entity == .case {
            textField(
              "slug", label: "Type \(tenant.slug) to import cases",
              state: FormState(forms.fields, errors: errors), size: .short)
          }
          formActs { submitButton("Import \(grouped(batch.counts.writing)) \(noun)") }
        }
      }
    }
  }

  /// While it goes on: pause and stop; where it stopped: go on.
  static func steering(_ tenant: Tenant, _ file: BatchFile, _ frame: Frame) -> HTML {
    let batch = file.batch
    let home = Path.batch(batch.id, of: tenant)
    let version = [("version", String(batch.version))]
    switch batch.state {
    case .committing:
      return HTML {
        formActs { postButton("Pause import", to: home.appending("pause"), frame.secrets("pause"), fields: version) }
        formDanger("Stop the import", consequence: stopping(file)) {
          postButton("Stop import", to: home.appending("stop"), frame.secrets("stop"), fields: version, style: .danger)
        }
      }
    case .paused, .failed:
      return formActs {
        postButton(
          "Go on with the import", to: home.appending("resume"), frame.secrets("resume"), fields: version,
          style: .primary)
        linkButton("Undo what came over", to: home.appending("undo"))
      }
    case .uploaded, .profiled, .mapped, .staged, .validated, .committed, .cancelled, .undoing, .undone,
      .partiallyUndone:
      return .nothing
    }
  }

  /// How far a paused import is; nothing where it stopped before its first rows.
  static func paused(_ file: BatchFile) -> HTML {
    guard file.batch.state == .paused, let done = file.work?.done, let total = file.work?.total else { return .nothing }
    return div(.class("notice"), .data("meaning", "info")) {
      p {
        strong { "\(grouped(done)) of \(grouped(total)) rows are here." }
        " "
        // Nobody waits for it: how fast it went says nothing.
        span(.class("work-progress")) { ProgressSlots("work", WorkProgress(done, of: total, seconds: 0)).bar.view }
      }
    }
  }

  /// What a stop does, as far as the import had come when the page was made.
  private static func stopping(_ file: BatchFile) -> String {
    let rest = "Others come over only if somebody goes on with the import."
    guard let done = file.work?.done, let total = file.work?.total else { return "What came over stays. \(rest)" }
    return "\(grouped(done)) of \(grouped(total)) rows were written when you opened this page, and stay. \(rest)"
  }

  /// What came over.
  static func result(_ tenant: Tenant, _ file: BatchFile, _ frame: Frame) -> HTML {
    let counts = file.batch.counts
    let rows: [(String, Int, Meaning)] = [
      ("New records", counts.inserted, .good), ("Records changed", counts.updated, .info),
      ("As they were", counts.unchanged, .neutral), ("To decide", counts.conflict, .attention),
      ("Refused", counts.refused, .bad), ("Stayed behind", counts.reject, .bad),
    ]
    let accounted = counts.inserted + counts.updated + counts.unchanged + counts.reject + counts.skip
    return HTML {
      ul(.class("tallies")) {
        for (label, count, meaning) in rows where count > 0 || label == "New records" {
          li {
            strong { grouped(count) }
            " "
            badge(label, meaning)
          }
        }
      }
      p(.class("muted")) {
        "\(grouped(file.batch.rowCount)) rows in the source, \(grouped(accounted)) accounted for. Imported "
        if let committedAt = file.batch.committedAt { frame.face.ago(committedAt) }
        "."
      }
      if file.conflicts > 0 { conflicts(tenant, file) }
    }
  }

  /// Fields that wait for a decision.
  private static func conflicts(_ tenant: Tenant, _ file: BatchFile) -> HTML {
    div(.class("notice"), .data("meaning", "attention")) {
      p {
        file.conflicts == 1
          ? "1 field was edited here, and the source now says something else. "
          : "\(grouped(file.conflicts)) fields were edited here, and the source now says something else. "
        a(.href(Path.batch(file.batch.id, of: tenant).appending("conflicts"))) { "Decide them" }
      }
    }
  }

  /// The undos of the batch, and the way to take each back.
  static func undos(_ tenant: Tenant, _ file: BatchFile, _ frame: Frame, may: Bool) -> HTML {
    guard !file.undos.isEmpty else { return .nothing }
    return panel("Undos") {
      dataTable(
        "Undos of the batch", file.undos,
        columns: [
          Column("When") { undo in frame.face.ago(undo.startedAt) },
          Column("What") { undo in
            undo.reverses != nil ? "Taken back" : undo.keepsLater ? "Undo, later imports kept" : "Undo"
          },
          Column("By") { undo in span(.dirAuto) { actorName(undo.by, file.names) } },
          Column("Records", kind: .number) { undo in grouped(undo.records) },
          Column("State") { undo in
            undo.isRunning
              ? badge("Going on", .away) : undo.isReversed ? badge("Taken back", .neutral) : badge("Done", .good)
          },
          Column("") { undo in
            if may, undo.reverses == nil, !undo.isRunning, !undo.isReversed, undo.records > 0 {
              a(.href(Path.migration(tenant).appending("undos").appending(undo.id).appending("reverse"))) {
                "Bring back"
              }
            }
          },
        ])
    }
  }

  /// What an undo at once came to: `undone 3 1` in the address.
  static func undone(_ frame: Frame) -> HTML {
    guard let words = frame.done?.split(separator: " "), words.first == "undone", words.count == 3,
      let done = Int(words[1]), let kept = Int(words[2])
    else { return .nothing }
    let sentence = counted(done, "record was taken back.", "records were taken back.")
    return resultLine(.text(kept == 0 ? sentence : sentence + " \(grouped(kept)) stay."))
  }
}

// The parts of a batch's page where rows that stay behind are put right, and how its refusals are told.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Markup
package import Migration
import SourceFiles
package import Web

enum RowRepairPanels {
  /// Out as a workbook, and back.
  static func rows(_ tenant: Tenant, _ file: BatchFile, _ forms: BatchForms, _ frame: Frame) -> HTML {
    let batch = file.batch
    guard forms.may, batch.counts.reject > 0, batch.filePurgedAt == nil else { return .nothing }
    let home = Path.batch(batch.id, of: tenant)
    let isOne = batch.counts.reject == 1
    return panel("Rows to fix") {
      p {
        isOne ? "One row stays behind." : "\(grouped(batch.counts.reject)) rows stay behind."
        " The workbook has them as the source has them, with the cells marked that something is wrong with."
      }
      formActs { linkButton("Download rows to fix (.xlsx)", to: home.appending("rows-to-fix")) }
      if batch.state == .validated {
        upload(home, batch, forms, frame)
      } else {
        p(.class("muted")) {
          "What is corrected now comes as a file of its own: add it to the data migration as any other. Records that "
          "are here already stay as they are."
        }
      }
    }
  }

  private static func upload(_ home: Path, _ batch: Batch, _ forms: BatchForms, _ frame: Frame) -> HTML {
    let errors = forms.setback?.errors.filter { $0.field == "file" } ?? []
    let state = FormState(forms.fields, errors: errors)
    return postForm(
      home.appending("corrections"), frame.secrets("corrections"), version: batch.version, state: state,
      leaving: .silent, refused: "Nothing was replaced", encoding: .files
    ) {
      fileField(
        "file", label: "Corrected rows",
        help: "The workbook, corrected and saved. Its rows replace those of the same number; all others stay as they "
          + "are. Where it says «withheld», the row keeps what the file has there; empty the cell to leave it out.",
        state: state, accept: ".xlsx")
      formActs { submitButton("Upload corrected rows", style: .plain) }
    }
  }

  /// Lets the rows come over that name a reporter who is anonymous: without the name.
  static func blank(_ tenant: Tenant, _ file: BatchFile, _ forms: BatchForms, _ frame: Frame) -> HTML {
    let batch = file.batch
    guard forms.may, batch.state == .validated, file.namedReporters > 0 else { return .nothing }
    let rows = file.namedReporters == 1 ? "this row" : "these \(grouped(file.namedReporters)) rows"
    return postButton(
      "Blank the reporter’s identity in \(rows)",
      to: Path.batch(batch.id, of: tenant).appending("blank-reporters"), frame.secrets("blank-reporters"),
      fields: [("version", String(batch.version))], style: .small)
  }
}

extension RepairRefusal: Refusal {
  package var setback: Setback {
    switch self {
    case .fault(let fault): fault.setback
    case .unknownRows(let rows):
      Setback(
        .unprocessableContent, "rows_unknown", "The workbook names rows that this batch does not have.",
        "Nothing was replaced. Unknown: \(Self.told(rows)). Is it the workbook of another batch?")
    case .nothingCorrected:
      Setback(
        .unprocessableContent, "nothing_corrected", "No cell of the workbook says anything new.",
        "Nothing was replaced. Correct the marked cells, save it, and upload that.")
    case .fileGone:
      Setback(
        .conflict, "file_gone", "The file of this batch has been deleted.",
        "Nothing was replaced: what its rows say is no longer kept. Upload the corrected rows as a file of their own.")
    case .nobodyNamed:
      Setback(
        .conflict, "nobody_named", "No row stays behind for who reported it.",
        "Nothing was changed. The page shows how it stands now.")
    }
  }

  /// `rows 14, 15, 16 and 9 more`.
  private static func told(_ rows: [Int]) -> String {
    let few = 12
    let numbers = rows.prefix(few).map(grouped).joined(separator: ", ")
    let more = rows.count > few ? " and \(grouped(rows.count - few)) more" : ""
    return (rows.count == 1 ? "row " : "rows ") + numbers + more
  }
}

extension CorrectionFault {
  fileprivate var setback: Setback {
    let (code, title, advice) = words
    return Setback(.unprocessableContent, code, title, "Nothing was replaced. " + advice)
  }

  private var words: (code: String, title: String, advice: String) {
    switch self {
    case .unreadable(let error): (error.code.rawValue, "The workbook cannot be read.", error.message)
    case .otherFile:
      (
        "not_rows_to_fix", "This is no workbook of rows to fix.",
        "It has no sheet “Rows to fix”. Download the workbook here, correct that one, and save it as .xlsx."
      )
    case .rowColumnMissing:
      (
        "row_column_missing", "The sheet “Rows to fix” has no column “_row”.",
        "It says which row is which. Download the workbook anew and correct the cells in that one."
      )
    case .unknownColumns(let names):
      (
        "columns_unknown", "The workbook has columns that the source does not have.",
        "Unknown: \(Self.told(names)). Give them their former names, or delete them."
      )
    case .doubledColumns(let names):
      (
        "columns_doubled", "The workbook has columns twice.",
        "Doubled: \(Self.told(names)). Delete the one that does not count."
      )
    case .rowMissing(let line):
      (
        "row_missing", "Line \(grouped(line)) of the sheet does not say which row it is.",
        "Write its number back into “_row”, or delete the line. New rows come as a file of their own."
      )
    case .rowDoubled(let row):
      (
        "row_doubled", "Row \(grouped(row)) stands in the workbook twice.",
        "Delete the line that does not count."
      )
    case .tooManyRows(let limit):
      (
        "limit.rows", "The workbook has more than \(grouped(limit)) rows.",
        "Delete the rows that you did not change, or upload them in parts."
      )
    }
  }

  private static func told(_ names: [String]) -> String {
    let few = 12
    let quoted = names.prefix(few).map { "“\($0.prefix(60))”" }.joined(separator: ", ")
    return names.count > few ? quoted + " and \(grouped(names.count - few)) more" : quoted
  }
}

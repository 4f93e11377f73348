// The reconciliation as a file for spreadsheets: a line for each figure, the source's side and ours.

import Access
import EthicoTypes
import FoundationEssentials
import Mapping
import Migration
import SourceFiles
import Web

enum ReconciliationCSV {
  private static let heads = ["Kind", "By", "Value", "Source", "Here", "Difference", "Why"]

  static func file(_ reckoned: [Reconciliation], of tenant: Tenant) -> Download {
    var text = CSVLine.byteOrderMark + CSVLine.of(heads)
    for found in reckoned { for line in lines(found.figures) { text += CSVLine.of(line) } }
    let day = reckoned.first.map { String(ClockFace.iso($0.madeAt).prefix(10)) } ?? ""
    return Download(
      name: "\(tenant.slug)-reconciliation-\(day).csv", contentType: "text/csv; charset=utf-8; header=present",
      bytes: Data(text.utf8))
  }

  private static func lines(_ figures: EntityFigures) -> [[String]] {
    let kind = figures.entity.pluralLabel
    var lines: [[String]] = []
    for batch in figures.batches {
      let rows = batch.rows
      let counts = [
        ("rows in the source", rows.source), ("new", rows.inserted), ("changed", rows.updated),
        ("as they were", rows.unchanged), ("stayed behind", rows.rejected), ("left out", rows.skipped),
        ("taken back since", rows.undone),
      ]
      lines += counts.map { [kind, "batch " + batch.title, $0.0, String($0.1), "", "", ""] }
      lines += batch.reasons.map {
        [kind, "batch " + batch.title, "stayed behind: " + $0.code, String($0.count), "", "", $0.label]
      }
    }
    let sum = figures.sum
    lines.append([
      kind, "records", "", String(sum.made - sum.undone), String(figures.records),
      String(figures.records - sum.made + sum.undone), figures.differences.joined(separator: " "),
    ])
    for group in figures.groups {
      lines += group.lines.map {
        [kind, group.name, $0.value, String($0.source), String($0.here), String($0.difference), why($0.reasons)]
      }
    }
    lines += figures.money.map {
      [
        kind, "amount", $0.currency, $0.source.description, $0.here.description, $0.difference.description,
        why($0.reasons),
      ]
    }
    if let files = figures.files {
      lines.append([
        kind, "bytes", "", files.sourceBytes.map(String.init) ?? "", String(files.bytes),
        files.sourceBytes.map { String(files.bytes - $0) } ?? "", "",
      ])
    }
    let rest = [
      ("references unresolved", figures.unresolved), ("people stood in for", figures.placeholders),
      ("fields to decide", figures.conflicts), ("records counted alone, source removed", figures.emptied ?? 0),
    ]
    lines += rest.map { [kind, $0.0, "", "", String($0.1), "", ""] }
    return lines
  }

  private static func why(_ reasons: [FigureReason]) -> String {
    reasons.map { "\($0.code): \($0.count)" }.joined(separator: "; ")
  }
}

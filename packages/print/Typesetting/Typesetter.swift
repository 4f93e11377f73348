// Sets a document on pages of A4, one part below the other.

import CPango
import FoundationEssentials
package import Print

/// The document could not be set.
package struct TypesettingFailure: Error, CustomStringConvertible {
  package let description: String
}

/// Sets documents.
package enum Typesetter {
  /// A document as PDF [ISO 32000-1], its fonts within, its text as text and its structure marked.
  /// - Throws: `TypesettingFailure` where cairo reports one.
  package static func pdf(_ document: PrintedDocument) throws -> [UInt8] {
    // Only whoever has set it all knows how many pages there are.
    let counted = try set(document, of: nil)
    return try set(document, of: counted.pages).bytes
  }

  private static func set(_ document: PrintedDocument, of pages: Int?) throws -> (bytes: [UInt8], pages: Int) {
    let canvas = try Canvas(document)
    let press = Press(document, canvas, pages: pages)
    press.set()
    return (try canvas.finish(), press.page)
  }
}

/// Puts parts on pages, and begins a new one where one is full.
private final class Press {
  private let document: PrintedDocument
  private let canvas: Canvas
  private let pages: Int?
  private(set) var page = 1
  /// Where the next part begins, in points from the top.
  private var y = Sheet.margin

  init(_ document: PrintedDocument, _ canvas: Canvas, pages: Int?) {
    self.document = document
    self.canvas = canvas
    self.pages = pages
  }

  func set() {
    canvas.tagged("H1") { place(document.title, .title) }
    y += 6
    for part in document.parts { set(part) }
    endPage()
  }

  private func set(_ part: PrintedDocument.Part) {
    switch part {
    case .heading(let text, let level):
      let style: TextStyle = level == .section ? .section : .subsection
      y += level == .section ? 14 : 8
      // A heading stays with the beginning of what it is of.
      demand(canvas.layout(text, style, width: Sheet.width).height + 48)
      canvas.tagged("H\(level.rawValue)") { place(text, style) }
      y += 3
    case .paragraph(let text):
      canvas.tagged("P") { place(text, .body) }
      y += 4
    case .bullets(let texts):
      canvas.tagged("L") {
        for text in texts { canvas.tagged("LI") { place("•  " + text, .body) } }
      }
      y += 4
    case .facts(let facts): set(facts)
    case .table(let table): set(table)
    case .signatures(let parties): sign(parties)
    }
  }

  private func fits(_ height: Double) -> Bool { y + height <= Sheet.bottom }

  /// Room of this height on one page, if a page has as much.
  private func demand(_ height: Double) {
    if !fits(height), y > Sheet.margin + Sheet.headHeight { turnPage() }
  }

  private func turnPage() {
    endPage()
    canvas.nextPage()
    page += 1
    y = Sheet.margin
    canvas.draw(document.title, .running, x: Sheet.margin, y: y, width: Sheet.width, lines: 1)
    y += Sheet.headHeight
  }

  private func endPage() {
    let number = pages.map { "Page \(page) of \($0)" } ?? "Page \(page)"
    canvas.draw(document.footer, .running, x: Sheet.margin, y: Sheet.foot, width: Sheet.width * 0.75, lines: 1)
    canvas.draw(number, .running, x: Sheet.margin, y: Sheet.foot, width: Sheet.width, at: .end)
  }

  /// A text over the whole width, line by line where it does not fit the page.
  private func place(_ text: String, _ style: TextStyle) {
    let layout = canvas.layout(text, style, width: Sheet.width)
    for line in 0..<layout.lines {
      demand(layout.height(of: line))
      canvas.draw(layout, line: line, x: Sheet.margin, y: y)
      y += layout.height(of: line)
    }
  }

  private func set(_ facts: [PrintedDocument.Fact]) {
    let names = Sheet.width * 0.32
    let values = Sheet.width - names - Sheet.gap
    canvas.tagged("L") {
      for fact in facts {
        let name = canvas.layout(fact.name, .muted, width: names, lines: Sheet.linesOfCell)
        let value = canvas.layout(fact.value, .body, width: values, lines: Sheet.linesOfCell)
        demand(max(name.height, value.height))
        canvas.tagged("LI") {
          canvas.tagged("Lbl") { canvas.draw(name, x: Sheet.margin, y: y) }
          canvas.tagged("LBody") { canvas.draw(value, x: Sheet.margin + names + Sheet.gap, y: y) }
        }
        y += max(name.height, value.height) + 2
      }
    }
    y += 4
  }

  // MARK: Tables

  private func set(_ table: PrintedTable) {
    let widths = ColumnWidths.of(table, canvas)
    let heads = Row(table.columns.map(\.head), table, widths, .head, canvas)
    demand(heads.height * 2)
    begin(heads, widths)
    for texts in table.rows {
      let row = Row(texts, table, widths, .cell, canvas)
      if !fits(row.height) {
        canvas.end("Table")
        turnPage()
        begin(heads, widths)
      }
      set(row, "TD", widths)
    }
    canvas.end("Table")
    y += 8
  }

  /// A table, or what of it stands on a further page, up to its first row.
  private func begin(_ heads: Row, _ widths: [Double]) {
    canvas.begin("Table")
    canvas.shade(y: y, height: heads.height)
    set(heads, "TH", widths)
  }

  private func set(_ row: Row, _ tag: String, _ widths: [Double]) {
    canvas.tagged("TR") {
      var x = Sheet.margin
      for (cell, width) in zip(row.cells, widths) {
        canvas.tagged(tag) { canvas.draw(cell, x: x + Sheet.sidePadding, y: y + Sheet.padding) }
        x += width
      }
    }
    y += row.height
    canvas.rule(y: y)
  }

  /// The texts of one row, set to the widths of their columns.
  private struct Row {
    let cells: [TextLayout]
    let height: Double

    init(_ texts: [String], _ table: PrintedTable, _ widths: [Double], _ style: TextStyle, _ canvas: Canvas) {
      cells = zip(table.columns, widths).enumerated().map { index, column in
        canvas.layout(
          index < texts.count ? texts[index] : "", style, width: column.1 - 2 * Sheet.sidePadding,
          at: column.0.kind == .number ? .end : .start, lines: Sheet.linesOfCell)
      }
      height = (cells.map(\.height).max() ?? 0) + 2 * Sheet.padding
    }
  }

  // MARK: Signatures

  private func sign(_ parties: [String]) {
    guard !parties.isEmpty else { return }
    let height = 96.0
    demand(height + 18)
    y += 18
    let width = (Sheet.width - Sheet.gap * 2 * Double(parties.count - 1)) / Double(parties.count)
    for (index, party) in parties.enumerated() {
      let x = Sheet.margin + Double(index) * (width + Sheet.gap * 2)
      for (words, style, below) in [
        ("For " + party, TextStyle.head, 0.0), ("Name", .muted, 54), ("Date and signature", .muted, 96),
      ] {
        canvas.tagged("P") { canvas.draw(words, style, x: x, y: y + below, width: width, lines: 2) }
      }
      for line in [52.0, 94.0] { canvas.rule(.toWriteOn, y: y + line, from: x, width: width) }
    }
    y += height + 14
  }
}

/// How wide each column of a table is, in points.
private enum ColumnWidths {
  /// Numbers get what they and their heads need, or where that leaves the texts too little, heads of several lines.
  /// Texts share the rest by what they would take on one line.
  static func of(_ table: PrintedTable, _ canvas: Canvas) -> [Double] {
    let numbers = table.columns.indices.filter { table.columns[$0].kind == .number }
    let texts = table.columns.indices.filter { table.columns[$0].kind == .text }
    var widths = table.columns.indices.map { column in
      padded(max(widestCell(of: column, table, canvas), canvas.width(of: table.columns[column].head, .head)))
    }
    func sum(_ columns: [Int]) -> Double { columns.reduce(0) { $0 + widths[$1] } }
    if Sheet.width - sum(numbers) < min(sum(texts), Sheet.width * 0.4) {
      for column in numbers {
        let words = table.columns[column].head.split(separator: " ").map { canvas.width(of: String($0), .head) }
        widths[column] = padded(max(widestCell(of: column, table, canvas), words.max() ?? 0))
      }
    }
    guard !texts.isEmpty, sum(numbers) < Sheet.width else {
      let all = sum(Array(widths.indices))
      return widths.map { $0 * Sheet.width / all }
    }
    let room = Sheet.width - sum(numbers)
    if sum(texts) <= room {
      widths[texts[0]] += room - sum(texts)
    } else {
      let wanted = sum(texts)
      for column in texts { widths[column] *= room / wanted }
    }
    return widths
  }

  /// Of the first rows: what would be wider further below is set on several lines.
  private static func widestCell(of column: Int, _ table: PrintedTable, _ canvas: Canvas) -> Double {
    table.rows.prefix(500).map { column < $0.count ? canvas.width(of: $0[column], .cell) : 0 }.max() ?? 0
  }

  private static func padded(_ width: Double) -> Double { width.rounded(.up) + 1 + 2 * Sheet.sidePadding }
}

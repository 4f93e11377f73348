// Small workbooks for tests, as archives whose entries are stored as they are.

import Foundation
import TestSupport

/// A workbook with sheets of text cells.
struct StoredWorkbook {
  let sheets: [(name: String, isHidden: Bool, rows: [[String]])]

  var bytes: [UInt8] {
    let numbers = Array(1...sheets.count)
    let listed = zip(numbers, sheets).map { number, sheet in
      "<sheet name=\"\(sheet.name)\" sheetId=\"\(number)\"\(sheet.isHidden ? " state=\"hidden\"" : "") "
        + "r:id=\"rId\(number)\"/>"
    }
    let relations = numbers.map { number in
      "<Relationship Id=\"rId\(number)\" Target=\"worksheets/sheet\(number).xml\" "
        + "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\"/>"
    }
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    let book =
      "<workbook xmlns=\"\(main)\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">"
      + "<sheets>\(listed.joined())</sheets></workbook>"
    let parts: [(String, String)] = [
      ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>"),
      ("xl/workbook.xml", book),
      (
        "xl/_rels/workbook.xml.rels",
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
          + "\(relations.joined())</Relationships>"
      ),
    ]
    let pages = zip(numbers, sheets).map { number, sheet in
      (
        "xl/worksheets/sheet\(number).xml",
        "<worksheet xmlns=\"\(main)\"><sheetData>\(rows(sheet.rows))</sheetData></worksheet>"
      )
    }
    return StoredZip(entries: (parts + pages).map { (name: $0.0, bytes: Array($0.1.utf8)) }).bytes
  }

  private func rows(_ rows: [[String]]) -> String {
    zip(1..., rows).map { number, cells in
      "<row r=\"\(number)\">"
        + cells.map { "<c t=\"inlineStr\"><is><t>\($0)</t></is></c>" }.joined() + "</row>"
    }.joined()
  }
}

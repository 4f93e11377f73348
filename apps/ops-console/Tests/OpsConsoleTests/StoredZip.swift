// Small workbooks for tests, as archives whose entries are stored as they are [APPNOTE 6.3.9, 4.3].

import Foundation

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

/// An archive whose entries are stored.
struct StoredZip {
  let entries: [(name: String, bytes: [UInt8])]

  var bytes: [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
      let name = Array(entry.name.utf8)
      let offset = archive.count
      let facts =
        Self.little(20, 2) + Self.little(0, 2) + Self.little(0, 2) + Self.little(0, 2) + Self.little(0x21, 2)
        + Self.little(Int(Self.checksum(entry.bytes)), 4) + Self.little(entry.bytes.count, 4)
        + Self.little(entry.bytes.count, 4) + Self.little(name.count, 2) + Self.little(0, 2)
      archive += Self.little(0x0403_4b50, 4) + facts + name + entry.bytes
      directory +=
        Self.little(0x0201_4b50, 4) + Self.little(20, 2) + facts + Self.little(0, 2) + Self.little(0, 2)
        + Self.little(0, 2) + Self.little(0, 4) + Self.little(offset, 4) + name
    }
    let end =
      Self.little(0x0605_4b50, 4) + Self.little(0, 4) + Self.little(entries.count, 2) + Self.little(entries.count, 2)
      + Self.little(directory.count, 4) + Self.little(archive.count, 4) + Self.little(0, 2)
    return archive + directory + end
  }

  private static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum = ~UInt32(0)
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }
}

// Files that somebody made to break what reads them: each ends with a code of its own or is read, and none crashes.

import EthicoTypes
import Foundation
import SourceFiles
import Testing

@Suite("Hostile files")
struct HostileTests {
  /// What a file is meant to do, and how it ends; `nil` is read.
  struct Attack: Sendable, CustomTestStringConvertible {
    let name: String
    let code: SourceError.Code?
    let bytes: @Sendable () -> [UInt8]

    var testDescription: String { name }

    init(_ name: String, _ code: SourceError.Code?, _ bytes: @escaping @Sendable () -> [UInt8]) {
      self.name = name
      self.code = code
      self.bytes = bytes
    }

    init(_ name: String, _ code: SourceError.Code?, text: @escaping @Sendable () -> String) {
      self.init(name, code) { Array(text().utf8) }
    }
  }

  @Test("end as they should", arguments: texts + binaries + jsons + zips + workbooks)
  func attack(attack: Attack) { #expect(refusal(attack.bytes()) == attack.code) }

  @Test("are sixty at least")
  func count() {
    #expect((Self.texts + Self.binaries + Self.jsons + Self.zips + Self.workbooks).count >= 60)
  }

  @Test("cannot be made from a good one by changing, cutting or doubling its bytes")
  func mutations() {
    var random = SplitMix64(seed: 11)
    var book = WorkbookBuilder()
    book.sheets = [.init(name: "S", rows: WorkbookBuilder.rows([["a", "b"], ["1", "2"]]))]
    let seeds = [
      book.bytes(), ZipBuilder.of([("a.csv", "a,b\n1,2\n"), ("b.json", "[{\"a\":1}]")]),
      Array("[{\"a\":\"\\u00e9\",\"b\":[1,{\"c\":null}]},{\"a\":2}]".utf8), Array("{\"a\":1}\n{\"a\":2}\n".utf8),
      Array("a;b\n\"x\"\"y\";Müller\n1;2\n".utf8),
    ]
    for seed in seeds {
      for _ in 0..<150 {
        var bytes = seed
        for _ in 0...random.next() % 4 {
          let place = Int(random.next() % UInt64(bytes.count))
          switch random.next() % 4 {
          case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
          case 1: bytes.removeSubrange(place..<min(bytes.count, place + 1 + Int(random.next() % 9)))
          case 2: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 12)], at: place)
          default: bytes[place] = [0, 0xFF, 0x22, 0x5B, 0x7B, 0x0A][Int(random.next() % 6)]
          }
          if bytes.isEmpty { bytes = [0] }
        }
        // Reading or refusing are both well; ending the program is not.
        _ = refusal(bytes)
      }
    }
  }

  @Test("keep to limits of their own, each with its code")
  func limits() {
    var small = SourceLimits()
    small.fileBytes = 100
    small.rows = 3
    small.columns = 4
    small.entries = 2
    #expect(refusal(Array(String(repeating: "a,b\n", count: 30).utf8), limits: small) == .limitSize)
    #expect(refusal(Array("a,b\n1,2\n1,3\n1,4\n1,5\n".utf8), limits: small) == .limitRows)
    #expect(refusal(Array("a,b,c,d,e\n1,2,3,4,5\n".utf8), limits: small) == .limitColumns)
    #expect(refusal(Array(#"[{"a":1,"b":2},{"c":1,"d":2,"e":3}]"#.utf8), limits: small) == .limitColumns)
    small.fileBytes = 1 << 20
    #expect(refusal(ZipBuilder.of((0..<3).map { ("\($0).csv", "a\n1\n") }), limits: small) == .limitEntries)
  }

  @Test("that say one thing for ever are told of it once a column, and a row has as many cells as a sheet has columns")
  func repeats() throws {
    let key = #""a":1,"b":{"c":2},"#
    let object = "[{" + String(repeating: key, count: 50_000) + #""d":3}]"#
    let reading = try Reading(object)
    #expect(reading.cells == [["1", "2", "3"]] && reading.problems == [.duplicateKey, .duplicateKey])
    let cell = #"<c r="A2"><f>1</f><v>1</v></c>"#
    func refused(_ count: Int) -> SourceError.Code? {
      var book = WorkbookBuilder()
      let row = "<row r=\"2\">" + String(repeating: cell, count: count) + "</row>"
      book.sheets = [.init(name: "S", rows: WorkbookBuilder.rows([["a", "b"]]) + row)]
      return refusal(book.bytes())
    }
    #expect(refused(16_384) == nil && refused(16_385) == .xlsxDamaged)
  }

  @Test("say what to do, in a sentence")
  func sentences() {
    for attack in Self.binaries + Self.zips where attack.code != nil {
      do {
        _ = try Reading(attack.bytes())
      } catch {
        let message = (error as? SourceError)?.message ?? ""
        #expect(message.hasSuffix(".") && message.count > 30, "\(attack.name): \(message)")
      }
    }
  }
}

extension HostileTests {
  private static let texts: [Attack] = [
    Attack("nothing", .fileEmpty, text: { "" }),
    Attack("a mark alone", .fileEmpty) { [0xEF, 0xBB, 0xBF] },
    Attack("blank lines alone", .fileEmpty, text: { String(repeating: "\r\n \t\r\n", count: 5000) }),
    Attack("commas alone", .fileEmpty, text: { String(repeating: ",,,\n", count: 100) }),
    Attack("NULs alone", .fileEmpty) { Array(repeating: 0, count: 200_000) },
    Attack("a page of the web", .fileHTML, text: { "\n <!DOCTYPE html><html><body>Sign in</body></html>" }),
    Attack("a table of the web", .fileHTML, text: { "<table><tr><td>1</td></tr></table>" }),
    Attack("XHTML", .fileHTML, text: { "<?xml version=\"1.0\"?>\n<html xmlns=\"x\"></html>" }),
    Attack("XML", .fileUnsupported, text: { "<?xml version=\"1.0\"?><Workbook/>" }),
    Attack("200,000 columns", .limitColumns, text: { String(repeating: "a,", count: 200_000) }),
    Attack("1,001 columns", .limitColumns, text: { (0...1000).map(String.init).joined(separator: "c,") + "c\n" }),
    Attack(
      "too many columns below the header", nil, text: { "a,b\n" + String(repeating: "1,", count: 99_999) + "\n1,2\n" }),
    Attack("a field of 2 MiB", nil, text: { "a,b\n1," + String(repeating: "x", count: 2 << 20) + "\n2,y\n" }),
    Attack(
      "a quoted field of 2 MiB that nothing closes", nil,
      text: {
        "a,b\n1,\"" + String(repeating: String(repeating: "x", count: 999) + "\n", count: 2000)
      }),
    Attack("quotes without end", nil, text: { "a,b\n" + String(repeating: "\"x,\n", count: 100_000) }),
    Attack("quotes alone", nil, text: { String(repeating: "\"", count: 100_001) }),
    Attack(
      "carriage returns and line feeds at random", nil, text: { String(repeating: "a\r\r\n\n\rb\n\r", count: 10000) }),
    Attack("NULs within a text", nil, text: { "a,b\n1,x\u{0}\u{0}\u{0}y and more words\n" }),
    Attack(
      "controls within a text", nil,
      text: { "a,b\n" + String(repeating: "1,some more words \u{1}\u{1B}[31m here\n", count: 9) }),
    Attack("broken UTF-8", nil) {
      Array("a,b\n".utf8) + [0xC0, 0x80, 0xED, 0xA0, 0x80, 0xF5, 0x80, 0xFF, 0x2C, 0x31, 0x0A]
    },
    Attack("half a surrogate", nil) { [0xFF, 0xFE, 0x61, 0, 0x0A, 0, 0x00, 0xD8, 0x62, 0, 0x00, 0xDC] },
    Attack("UTF-16 of an odd length", nil) { [0xFF, 0xFE, 0x61, 0, 0x0A, 0, 0x62] },
    Attack("names of columns that are very long", nil, text: { String(repeating: "n", count: 2 << 20) + ",b\n1,2\n" }),
    Attack(
      "one name a thousand times", nil,
      text: {
        Array(repeating: "n", count: 999).joined(separator: ",") + "\n"
          + Array(repeating: "1", count: 999).joined(separator: ",")
      }),
    Attack(
      "accents without number on one letter", nil,
      text: { "a,b\n1,e" + String(repeating: "\u{301}", count: 200_000) + "\n" }),
    Attack("a sep line and nothing else", .fileEmpty, text: { "sep=;\n" }),
    Attack("formulas", nil, text: { "a,b\n=cmd|' /C calc'!A0,@SUM(1)\n" }),
    Attack("directions turned", nil, text: { "a,b\n\u{202E}gnp.exe,\u{2066}x\n" }),
  ]

  private static let binaries: [Attack] = [
    Attack("an old workbook", .fileXLS) {
      [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + Array(repeating: 0, count: 2000)
    },
    Attack("a bare BIFF stream", .fileXLS) { [9, 8, 0x10, 0, 0, 6, 5, 0] + Array(repeating: 7, count: 500) },
    Attack("a workbook under a password", .fileEncrypted) {
      [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1] + Array(repeating: 0, count: 1020)
        + "EncryptedPackage".utf8.flatMap { [$0, 0] as [UInt8] } + Array(repeating: 0, count: 500)
    },
    Attack("a PDF", .fileUnsupported, text: { "%PDF-1.7\n" }),
    Attack("gzip", .fileUnsupported) { [0x1F, 0x8B, 8, 0, 0, 0, 0, 0] },
    Attack("a picture", .fileUnsupported) { [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] },
    Attack("a program", .fileUnsupported) { [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] },
    Attack("bytes at random", .fileUnsupported) {
      var random = SplitMix64(seed: 5)
      return (0..<20000).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    },
    Attack("controls without end", .fileUnsupported) { (0..<5000).map { UInt8($0 % 7 + 1) } },
  ]

  private static let jsons: [Attack] = [
    Attack("JSON that is a text", nil, text: { "\"hello\"" }),
    Attack("JSON that is an object", .jsonNotATable, text: { "{\"a\":1}" }),
    Attack("a list of numbers", .jsonNotATable, text: { "[1,2,3]" }),
    Attack("an empty list", .jsonNotATable, text: { "[]" }),
    Attack("empty objects", .jsonNotATable, text: { "[{},{}]" }),
    Attack("a list of lists", .jsonNotATable, text: { "[[1,2],[3,4]]" }),
    Attack("an unclosed list", .jsonInvalid, text: { "[{\"a\":1},{\"a\":2}" }),
    Attack("an unclosed text", .jsonInvalid, text: { "[{\"a\":\"" + String(repeating: "x", count: 1 << 20) }),
    Attack("a comma too many", .jsonInvalid, text: { "[{\"a\":1},]" }),
    Attack("an escape that is none", .jsonInvalid, text: { "[{\"a\":\"\\x\"}]" }),
    Attack("half an escape", .jsonInvalid, text: { "[{\"a\":\"\\u12" }),
    Attack("something after the end", .jsonInvalid, text: { "[{\"a\":1}] x" }),
    Attack("names without quotes", .jsonInvalid, text: { "{a:1}" }),
    Attack(
      "a number of a million digits", .jsonInvalid,
      text: { "[{\"a\":" + String(repeating: "9", count: 1_000_000) + "}]" }),
    Attack("a hundred thousand lists within lists", .jsonTooDeep, text: { String(repeating: "[", count: 100_000) }),
    Attack(
      "objects within objects", .jsonTooDeep,
      text: {
        String(repeating: "{\"a\":", count: 5000) + "1" + String(repeating: "}", count: 5000)
      }),
    Attack("a deep value in a row", .jsonTooDeep, text: { "[{\"a\":" + String(repeating: "[", count: 500) }),
    Attack(
      "1,001 names", .limitColumns, text: { "[" + (0...1000).map { "{\"k\($0)\":1}" }.joined(separator: ",") + "]" }),
    Attack("a name of half a megabyte", nil, text: { "[{\"" + String(repeating: "k", count: 1 << 19) + "\":1}]" }),
    Attack("a text of 2 MiB", nil, text: { "[{\"a\":\"" + String(repeating: "x", count: 2 << 20) + "\"}]" }),
    Attack(
      "a list of 100,000 numbers in a cell", nil,
      text: { "[{\"a\":[" + Array(repeating: "1", count: 100_000).joined(separator: ",") + "]}]" }),
    Attack("lines that are cut", nil, text: { "{\"a\":1}\n{\"a\":2}\n{\"a\":" }),
    Attack("half a pair of surrogates", nil, text: { "[{\"a\":\"\\ud800x\",\"b\":\"\\udc00\"}]" }),
  ]

  private static func zip(_ change: (inout ZipBuilder) -> Void) -> [UInt8] {
    var builder = ZipBuilder()
    change(&builder)
    return builder.bytes()
  }

  private static let zips: [Attack] = [
    Attack("a ZIP without end", .zipDamaged) { Array(ZipBuilder.of([("a.csv", "a,b\n1,2\n")]).dropLast(30)) },
    Attack("a ZIP without entries", .fileEmpty) { ZipBuilder().bytes() },
    Attack("a ZIP without tables", .fileUnsupported) { ZipBuilder.of([("a.png", "x")]) },
    Attack("a bomb", .zipRatio) {
      zip { $0.entries = [.init(name: "a.csv", content: Array(repeating: 97, count: 30 << 20))] }
    },
    Attack("a bomb in many pieces", .zipRatio) {
      zip { builder in
        let piece = [UInt8](repeating: 97, count: 4 << 20)
        builder.entries = (0..<6).map { .init(name: "\($0).csv", content: piece) }
      }
    },
    Attack("a bomb that says it is small", .zipDamaged) {
      zip { $0.entries = [.init(name: "a.csv", content: Array(repeating: 97, count: 30 << 20), claimedSize: 1000)] }
    },
    Attack("entries that share their bytes", .zipOverlap) {
      zip { builder in
        builder.add("a.csv", "a,b\n1,2\n")
        builder.entries.append(.init(name: "b.csv", content: Array("a,b\n1,2\n".utf8), claimedOffset: 0))
      }
    },
    Attack("an entry that reaches into the directory", .zipOverlap) {
      zip { $0.entries = [.init(name: "a.csv", content: Array("a,b\n1,2\n".utf8), claimedPackedSize: 60)] }
    },
    Attack("an entry beyond the file", .zipDamaged) {
      zip { $0.entries = [.init(name: "a.csv", content: [97], claimedOffset: 1 << 30)] }
    },
    Attack("a checksum that lies", .zipDamaged) {
      zip { $0.entries = [.init(name: "a.csv", content: Array("a,b\n1,2\n".utf8), checksum: 1)] }
    },
    Attack("bytes that do not unpack", .zipDamaged) {
      zip { $0.entries = [.init(name: "a.csv", content: [0xFF, 0xFF, 0xFF, 0xFF], isStored: true, method: 8)] }
    },
    Attack("more entries than there are", .zipDamaged) {
      zip { builder in
        builder.add("a.csv", "a,b\n")
        builder.claimedCount = 900
      }
    },
    Attack("sizes of 2^32", .zipDamaged) {
      zip {
        $0.entries = [.init(name: "a.csv", content: [97], claimedSize: 0xFFFF_FFFF, claimedPackedSize: 0xFFFF_FFFF)]
      }
    },
    Attack("all entries under a password", .fileEncrypted) {
      zip { $0.entries = [.init(name: "a.csv", content: [1], flags: 1)] }
    },
    Attack("paths that lead out", .fileUnsupported) { ZipBuilder.of([("../../etc/cron.d/a.csv", "a,b\n1,2\n")]) },
    Attack("an archive within the archive", .fileUnsupported) {
      zip { $0.entries = [.init(name: "a.csv", content: ZipBuilder.of([("b.csv", "a,b\n1,2\n")]))] }
    },
    Attack("a picture that is called a table", .fileUnsupported) {
      zip { $0.entries = [.init(name: "a.csv", content: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])] }
    },
    Attack("an OpenDocument", .fileUnsupported) {
      ZipBuilder.of([("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "<x/>")])
    },
    Attack("a binary workbook", .fileUnsupported) {
      ZipBuilder.of([("[Content_Types].xml", "<x/>"), ("xl/workbook.bin", "x")])
    },
    Attack("a Word document", .fileUnsupported) {
      ZipBuilder.of([("[Content_Types].xml", "<x/>"), ("word/document.xml", "<x/>")])
    },
  ]

  private static func book(_ rows: String, _ extra: [(String, String)] = []) -> [UInt8] {
    var builder = WorkbookBuilder()
    builder.sheets = [.init(name: "S", rows: rows)]
    builder.extra = extra
    return builder.bytes()
  }

  private static let good = WorkbookBuilder.rows([["a", "b"], ["1", "2"]])
  private static let laughs = """
    <?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
    <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
    <worksheet><sheetData><row><c><v>&c;</v></c></row></sheetData></worksheet>
    """
  private static let outside = """
    <?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst><si><t>&a;</t></si></sst>
    """

  private static let workbooks: [Attack] = [
    Attack("a billion laughs in a sheet", .xlsxDTD) { book(good, [("xl/worksheets/sheet1.xml", laughs)]) },
    Attack("a file of ours in its texts", .xlsxDTD) { book(good, [("xl/sharedStrings.xml", outside)]) },
    Attack("a document type in the workbook", .xlsxDTD) {
      book(good, [("xl/workbook.xml", "<!DOCTYPE x><workbook/>")])
    },
    Attack("a sheet that is cut", .xlsxDamaged) {
      book(good, [("xl/worksheets/sheet1.xml", "<worksheet><sheetData><row>")])
    },
    Attack("a sheet that is missing", .xlsxDamaged) { book(good, [("xl/worksheets/sheet1.xml", "")]) },
    Attack("a workbook that is cut", .xlsxDamaged) { Array(book(good).dropLast(200)) },
    Attack("a workbook whose sheet does not unpack", .xlsxDamaged) {
      var bytes = book(good)
      let name = Array("sheet1.xml<".utf8.dropLast())
      let place = bytes.indices.first { bytes[$0...].starts(with: name) } ?? 0
      for index in (place + name.count)..<(place + name.count + 12) { bytes[index] ^= 0x55 }
      return bytes
    },
    Attack("a workbook without sheets", .xlsxDamaged) { book(good, [("xl/workbook.xml", "<workbook/>")]) },
    Attack("no relations", .xlsxDamaged) { book(good, [("xl/_rels/workbook.xml.rels", "")]) },
    Attack("a text that is not there", .xlsxDamaged) { book("<row><c t=\"s\"><v>99</v></c></row>") },
    Attack("a column beyond the last", .xlsxDamaged) { book("<row><c r=\"ZZZZ1\"><v>1</v></c></row>") },
    Attack("elements without end within each other", .xlsxDamaged) { book(String(repeating: "<x>", count: 100_000)) },
    Attack("an attribute of 5 MiB", .xlsxDamaged) {
      var random = SplitMix64(seed: 3)
      return book("<row r=\"" + (0..<700_000).map { _ in String(random.next() % 100_000_000) }.joined() + "\"></row>")
    },
    Attack("a bomb of a sheet", .zipRatio) { book(String(repeating: "<row></row>", count: 1_100_000)) },
    Attack("rows that go back", nil) { book("<row r=\"5\"><c><v>1</v></c></row><row r=\"2\"><c><v>2</v></c></row>") },
    Attack("a row of 10^11", nil) { book(good + "<row r=\"99999999999\"><c><v>1</v></c></row>") },
    Attack("a cell at the far right", .limitColumns) { book("<row><c r=\"XFD1\" t=\"str\"><v>1</v></c></row>") },
    Attack("a number that is none", nil) { book(good + "<row r=\"3\"><c><v>12abc</v></c><c><v>1e999</v></c></row>") },
    Attack("escapes of NUL", nil) { book(WorkbookBuilder.rows([["a", "b"], ["x_x0000_y", "_xD800_"]])) },
    Attack("relations that lead out", .xlsxDamaged) {
      let relation = "<Relationship Id=\"r\" Type=\"x/officeDocument\" Target=\"../../../etc/passwd\"/>"
      return book(good, [("_rels/.rels", "<Relationships>\(relation)</Relationships>")])
    },
    Attack("no cells at all", .fileEmpty) { book("") },
  ]
}

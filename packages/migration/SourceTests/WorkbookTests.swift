// XLSX: dates, numbers, texts, sheets and what they hide.

import SourceFiles
import Testing

@Suite("Workbooks")
struct WorkbookTests {
  private func cell(_ value: String, style: Int = 0, in builder: WorkbookBuilder) throws -> (String, [CellProblem.Code])
  {
    var builder = builder
    let rows =
      WorkbookBuilder.rows([["Name", "Value"]])
      + "<row r=\"2\"><c t=\"inlineStr\"><is><t>x</t></is></c><c s=\"\(style)\"><v>\(value)</v></c></row>"
    builder.sheets = [.init(name: "Sheet1", rows: rows)]
    let reading = try Reading(builder.bytes())
    return (reading.cells.first?[1] ?? "", reading.problems)
  }

  /// Styles: 1 date, 2 date and time, 3 time, 4 `yyyy-mm-dd hh:mm`, 5 `00000`, 6 quoted text, 7 `[$-409]d\-mmm`, 8
  /// `0.00E+00`, 9 `mmm`.
  private static let dated = {
    var builder = WorkbookBuilder()
    builder.formats = [
      (164, "yyyy\\-mm\\-dd\\ hh:mm"), (165, "00000"), (166, "&quot;day&quot; 0.0"), (167, "[$-409]d\\-mmm;@"),
      (168, "0.00E+00"), (169, "mmm"),
    ]
    builder.styles = [0, 14, 22, 20, 164, 165, 166, 167, 168, 169]
    return builder
  }()

  @Test(
    "have their styles decide what is a date",
    arguments: [
      ("45678", 1, "2025-01-21"), ("45678.5", 1, "2025-01-21T12:00:00"), ("45678", 2, "2025-01-21T00:00:00"),
      ("45678.75", 4, "2025-01-21T18:00:00"), ("0.5", 3, "12:00:00"), ("45678", 0, "45678"), ("815", 5, "00815"),
      ("45678", 6, "45678"), ("45678", 7, "2025-01-21"), ("45678", 8, "45678"), ("45678", 9, "2025-01-21"),
      ("1", 1, "1900-01-01"), ("59", 1, "1900-02-28"), ("61", 1, "1900-03-01"), ("2958465", 1, "9999-12-31"),
      ("45678.999999999", 1, "2025-01-22"), ("36526", 1, "2000-01-01"), ("43890", 1, "2020-02-29"),
    ])
  func dates(value: String, style: Int, expected: String) throws {
    let (text, problems) = try cell(value, style: style, in: Self.dated)
    #expect(text == expected)
    #expect(problems.isEmpty)
  }

  @Test("know the system of 1904, and days that never were")
  func systems() throws {
    var builder = Self.dated
    builder.is1904 = true
    #expect(try cell("44216", style: 1, in: builder).0 == "2025-01-21")
    #expect(try cell("0", style: 1, in: builder).0 == "1904-01-01")
    for never in ["60", "2958466", "-1", "1e300"] {
      #expect(try cell(never, style: 1, in: Self.dated).1 == [.unparsableDate], "\(never)")
    }
  }

  @Test(
    "give numbers as somebody typed them",
    arguments: [
      ("1.1000000000000001", "1.1", []), ("12345678901", "12345678901", []), ("1E3", "1000", []),
      ("123456789012345", "123456789012345", []), ("0.1", "0.1", []), ("-5", "-5", []),
      ("1234567890123456", "1234567890123456", [.precisionLost]),
      ("12345678901234567", "12345678901234567", [.precisionLost]),
    ] as [(String, String, [CellProblem.Code])])
  func numbers(value: String, expected: String, problems: [CellProblem.Code]) throws {
    let (text, found) = try cell(value, in: WorkbookBuilder())
    #expect(text == expected)
    #expect(found == problems)
  }

  @Test("read shared, inline, formula, boolean and rich texts, without phonetics, keeping leading zeros")
  func texts() throws {
    var builder = WorkbookBuilder()
    builder.texts = ["Head", "Zweite", "00815", "<![CDATA[a & b]]>", "x_x000D_y"]
    builder.sheets = [
      .init(
        name: "S",
        rows: """
          <row r="1"><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="inlineStr"><is><t>C</t></is></c></row>
          <row r="2"><c r="A2" t="s"><v>2</v></c><c r="C2" t="b"><v>1</v></c></row>
          <row r="3"><c t="str"><f>1+1</f><v>two</v></c>
          <c t="inlineStr"><is><r><t>ri</t></r><r><t xml:space="preserve">ch </t></r>
          <rPh><t>no</t></rPh></is></c><c t="e"><v>#N/A</v></c></row>
          <row r="4"><c t="s"><v>3</v></c><c t="s"><v>4</v></c><c t="d"><v>2020-01-02</v></c></row>
          """)
    ]
    let reading = try Reading(builder.bytes())
    #expect(
      reading.cells == [
        ["00815", "", "true"], ["two", "rich ", "#N/A"],
        ["<![CDATA[a & b]]>".replacing("<![CDATA[", with: "").replacing("]]>", with: ""), "x\ry", "2020-01-02"],
      ])
    #expect(reading.problems == [.formulaValue])
  }

  @Test("number rows as the sheet does, and find the header below a gap")
  func gaps() throws {
    var builder = WorkbookBuilder()
    let rows =
      WorkbookBuilder.rows([["Export", "of", "cases"]])
      + WorkbookBuilder.rows([["Case", "Owner", "Day"], ["A", "x", "d"], ["B", "", ""], ["C", "y", "e"]], from: 4)
    builder.sheets = [.init(name: "S", rows: rows)]
    let reading = try Reading(builder.bytes())
    #expect(reading.shape.headerRow == 4)
    #expect(reading.rows.map(\.number) == [5, 6, 7])
    #expect(reading.problems.isEmpty, "a short row of a sheet is not ragged")
  }

  @Test("offer their sheets, read the first visible one that holds something, and ask about hidden ones")
  func sheets() throws {
    var builder = WorkbookBuilder()
    let rows = WorkbookBuilder.rows([["Case", "Owner"], ["A", "x"]])
    builder.sheets = [
      .init(name: "Secret", rows: rows, state: "state=\"veryHidden\""), .init(name: "Empty", rows: ""),
      .init(name: "Cases", rows: rows),
    ]
    let reading = try Reading(builder.bytes())
    #expect(reading.shape.table == "Cases")
    #expect(reading.shape.tables.map(\.isHidden) == [true, false, false])
    #expect(reading.shape.findings.map(\.code) == [.hiddenSheet])
    #expect(try Reading(builder.bytes(), ReadingOptions(sheet: "Secret")).rows.count == 1)
    #expect { try Reading(builder.bytes(), ReadingOptions(sheet: "None")) } throws: {
      ($0 as? SourceError)?.code == .optionUnknown
    }
  }

  @Test("read hidden rows and columns unless somebody decided otherwise")
  func hidden() throws {
    var builder = WorkbookBuilder()
    let rows =
      WorkbookBuilder.rows([["Case", "Secret", "Owner"], ["A", "s", "x"]])
      + WorkbookBuilder.rows([["B", "t", "y"]], from: 3).replacing("<row ", with: "<row hidden=\"1\" ")
    builder.sheets = [.init(name: "S", rows: rows, columns: #"<cols><col min="2" max="2" hidden="1"/></cols>"#)]
    let reading = try Reading(builder.bytes())
    #expect(reading.cells == [["A", "s", "x"], ["B", "t", "y"]])
    #expect(reading.hidden.map(\.code) == [.hiddenRows, .hiddenColumns])
    let without = try Reading(builder.bytes(), ReadingOptions(hidden: .leftOut))
    #expect(without.shape.columns == ["Case", "Owner"])
    #expect(without.cells == [["A", "x"]])
  }

  @Test("find each of many shared texts again, though they lie in a file")
  func manyTexts() throws {
    var builder = WorkbookBuilder()
    builder.texts = (0..<40000).map { "Text number \($0) " + String(repeating: "x", count: 40 + $0 % 7) }
    let order = (0..<400).map { ($0 * 7919) % 40000 }
    let rows = order.enumerated().map { "<row r=\"\($0.offset + 2)\"><c t=\"s\"><v>\($0.element)</v></c></row>" }
    builder.sheets = [.init(name: "S", rows: WorkbookBuilder.rows([["Text"]]) + rows.joined())]
    let cells = try Reading(builder.bytes()).cells
    #expect(cells.map { $0[0] } == order.map { builder.texts[$0] })
  }
}

@Suite("Archives of tables")
struct ArchiveTests {
  @Test("offer their tables, read one by name, and leave out what programs put beside them")
  func tables() throws {
    var book = WorkbookBuilder()
    book.sheets = [
      .init(name: "One", rows: WorkbookBuilder.rows([["a"], ["x"]])),
      .init(name: "Two", rows: WorkbookBuilder.rows([["b"], ["y"]])),
    ]
    var zip = ZipBuilder()
    zip.add("people.csv", "id;name\n1;Ann\n")
    zip.add("__MACOSX/._people.csv", "rubbish")
    zip.add("files/photo.png", "png")
    zip.add("data/cases.json", "[" + (0..<50).map { "{\"case\":\($0)}" }.joined(separator: ",") + "]")
    zip.entries.append(.init(name: "book.xlsx", content: book.bytes(), isStored: true))
    let reading = try Reading(zip.bytes())
    #expect(reading.shape.kind == .zip)
    #expect(Set(reading.shape.tables.map(\.name)).isSuperset(of: ["people.csv", "data/cases.json", "book.xlsx"]))
    let people = try Reading(zip.bytes(), ReadingOptions(sheet: "people.csv"))
    #expect(people.shape.columns == ["id", "name"])
    #expect(people.shape.delimiter == ";")
    #expect(people.cells == [["1", "Ann"]])
    #expect(try Reading(zip.bytes(), ReadingOptions(sheet: "book.xlsx!Two")).cells == [["y"]])
    #expect(try Reading(zip.bytes(), ReadingOptions(sheet: "data/cases.json")).rows.count == 50)
  }

  @Test("take texts for attachments where there is a table, however many they are")
  func attachments() throws {
    var zip = ZipBuilder()
    for number in 0..<600 { zip.add("case/EP-\(number)/memo.txt", "A memo that is longer than the table is.\n") }
    zip.add("case/EP-1/list.csv", "x,y\n1,2\n3,4\n5,6\n")
    zip.add("cases.csv", "a,b\n1,2\n")
    #expect(try Reading(zip.bytes()).shape.tables.map(\.name) == ["cases.csv", "case/EP-1/list.csv"])
    #expect(try Reading(ZipBuilder.of([("a.txt", "a;b\n1;2\n")])).cells == [["1", "2"]])
  }

  @Test("of attachments alone are a table of their paths, which say what each belongs to")
  func listing() throws {
    var zip = ZipBuilder()
    zip.add("export/case/EP-1/memo.pdf", "%PDF")
    zip.add("export/policies/P-7/Code.docx", "PK")
    zip.add("export/readme.txt.pdf", "%PDF")
    let reading = try Reading(zip.bytes())
    #expect(reading.shape.columns == ["path", "file_name", "parent_entity", "parent_key", "size_bytes"])
    #expect(
      reading.cells == [
        ["export/case/EP-1/memo.pdf", "memo.pdf", "case", "EP-1", "4"],
        ["export/policies/P-7/Code.docx", "Code.docx", "policy", "P-7", "2"],
      ])
    #expect(refusal(ZipBuilder.of([("photo.png", "x")])) == .fileUnsupported)
  }

  @Test("refuse entries singly, each for its own reason")
  func refusals() throws {
    var zip = ZipBuilder()
    zip.add("ok.csv", "a,b\n1,2\n")
    zip.add("../evil.csv", "x")
    zip.add("a/../../evil.csv", "x")
    zip.add("..\\evil.csv", "x")
    zip.add("/etc/passwd.csv", "x")
    zip.add("C:\\evil.csv", "x")
    zip.add("ok.csv", "second")
    zip.entries.append(.init(name: "link.csv", content: Array("/etc/passwd".utf8), attributes: 0xA1FF_0000))
    zip.entries.append(.init(name: "secret.csv", content: [1], flags: 1))
    zip.entries.append(.init(name: "lzma.csv", content: [1], method: 14))
    zip.add("nul\u{0}.csv", "x")
    let archive = try ZipArchive(MemoryBytes(zip.bytes()))
    #expect(archive.entries.map(\.name) == ["ok.csv"])
    #expect(
      archive.refusals.map(\.code) == [
        .traversal, .traversal, .traversal, .absolute, .absolute, .duplicate, .symlink, .encrypted, .method, .name,
      ])
    let reading = try Reading(zip.bytes())
    #expect(reading.cells == [["1", "2"]])
    #expect(reading.shape.findings.count(where: { $0.code == .refusedEntry }) == 10)
  }

  @Test("give an attachment's bytes as a stream")
  func stream() throws {
    var zip = ZipBuilder()
    let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 7) }
    zip.entries.append(.init(name: "case/EP-1/memo.pdf", content: content))
    zip.leading = Array("#!/bin/sh\n".utf8)
    let archive = try ZipArchive(MemoryBytes(zip.bytes()))
    let entry = try #require(archive.entry(named: "case/EP-1/memo.pdf"))
    #expect(try archive.open(entry).readAll() == content)
  }
}

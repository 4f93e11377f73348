// CSV and TSV: cells, rows, headers, and what is no row.

import SourceFiles
import Testing

@Suite("Delimited text")
struct DelimitedTests {
  @Test(
    "is read as RFC 4180 has it, and leniently where programs have not",
    arguments: [
      ("a,b\n1,2\n", [["1", "2"]]),
      ("a,b\r\n1,2", [["1", "2"]]),
      ("a,b\r1,2\r", [["1", "2"]]),
      ("a,b\n\"x, y\",\"line\nbreak\"\n", [["x, y", "line\nbreak"]]),
      ("a,b\n\"he said \"\"no\"\"\",2\n", [["he said \"no\"", "2"]]),
      ("a,b\n\"he said \"no, sir\" twice\",2\n", [["he said \"no, sir\" twice", "2"]]),
      ("a,b\n\"x\" ,2\n", [["x", "2"]]),
      ("a,b\n5\" pipe,2\n", [["5\" pipe", "2"]]),
      ("a,b\n,\n1,\n", [["1", ""]]),
      ("a,b\n\"\",2\n", [["", "2"]]),
      ("a,b\n1,\"2\"", [["1", "2"]]),
      ("a,b\n1,\"2\"\"\"", [["1", "2\""]]),
      ("a;b\n1,5;2\n3,5;4\n", [["1,5", "2"], ["3,5", "4"]]),
      ("a|b\n1|2\n", [["1", "2"]]),
      ("a\tb\n1\t2\n", [["1", "2"]]),
      ("sep=;\na;b\n1;2\n", [["1", "2"]]),
      ("only\none\ntwo\n", [["one"], ["two"]]),
      ("a,b\n1,x\u{0}y\u{7}z and some more words\n", [["1", "xyz and some more words"]]),
    ] as [(String, [[String]])])
  func cells(text: String, expected: [[String]]) throws {
    #expect(try Reading(text).cells == expected)
  }

  @Test("keeps a mark that nothing closes as a character, and every row after it")
  func unclosed() throws {
    let reading = try Reading("a,b\n1,\"open\n2,x\n3,y\n")
    #expect(reading.cells == [["1", "\"open"], ["2", "x"], ["3", "y"]])
    #expect(reading.problems == [.unclosedQuote])
    #expect(reading.rows.map(\.number) == [2, 3, 4])
  }

  @Test("reads the rest without marks after a few that nothing closes, so that no row is lost")
  func manyUnclosed() throws {
    let lines = (1...40).map { "\($0),\"open\n" }.joined()
    let reading = try Reading("a,b\n" + lines)
    #expect(reading.cells == (1...40).map { [String($0), "\"open"] })
  }

  @Test("counts blank lines and the sep line in a record's number")
  func numbers() throws {
    let reading = try Reading("sep=;\n\na;b\n1;2\n\n3;4\n")
    #expect(reading.shape.headerRow == 3)
    #expect(reading.rows.map(\.number) == [4, 6])
  }

  @Test("gives a row a problem instead of its neighbour's cells when cells are missing or too many")
  func ragged() throws {
    let reading = try Reading("a,b,c\n1,2\n1,2,3,4\n1,2,3,,\n1,2,3\n")
    #expect(reading.cells == [["1", "2", ""], ["1", "2", "3"], ["1", "2", "3"], ["1", "2", "3"]])
    #expect(reading.rows.map { $0.problems.map(\.code) } == [[.rowRagged], [.rowRagged], [], []])
    #expect(reading.rows[0].problems[0].level == .blocker)
  }

  @Test("cuts a cell beyond its limit between two characters and says so for its row")
  func tooLong() throws {
    var limits = SourceLimits()
    limits.cellBytes = 5
    let reading = try Reading("a,b\n1,üüüüü\n2,\"ab\"\"cdefg\"\n3,short\n", limits: limits)
    #expect(reading.cells == [["1", "üü"], ["2", "ab\"cd"], ["3", "short"]])
    #expect(reading.problems == [.textTooLong, .textTooLong])
  }

  @Test("reads what spreadsheets do to numbers")
  func spreadsheetHabits() throws {
    let reading = try Reading("id,n\n=\"00815\",1.23457E+11\n\"=\"\"0007\"\"\",2\n=1+1,3\n")
    #expect(reading.cells == [["00815", "1.23457E+11"], ["0007", "2"], ["=1+1", "3"]])
    #expect(reading.problems == [.textFormula, .scientificNotation, .textFormula])
  }

  @Test("replaces what cannot be decoded, and says where it was")
  func replaced() throws {
    let bytes = Array("a,b\n1,Müller Größe Käse\n2,x".utf8) + [0xFF] + Array("y\n".utf8)
    let reading = try Reading(bytes)
    #expect(reading.cells.last == ["2", "x\u{FFFD}y"])
    #expect(reading.problems == [.replacedBytes])
    #expect(reading.rows.last?.problems.first?.text == "A byte at \(bytes.count - 3) could not be decoded.")
  }

  @Test(
    "names columns by the contract's rule",
    arguments: [
      ("\u{A0}Case  #\u{A0},Name,Name,,Name (2)", ["Case #", "Name", "Name (2)", "(column 4)", "Name (2) (2)"]),
      ("a,,c,a,,", ["a", "(column 2)", "c", "a (2)"]),
      ("(column 2),,b", ["(column 2)", "(column 2) (2)", "b"]),
    ] as [(String, [String])])
  func names(header: String, expected: [String]) throws {
    let row = (1...(header.split(separator: ",", omittingEmptySubsequences: false).count)).map {
      $0 <= 3 ? "x\($0)" : ""
    }
    let text = header + "\n" + row.joined(separator: ",") + "\n"
    let values = try Reading(text).shape.columns
    #expect(Array(values.prefix(expected.count)) == expected)
  }

  @Test("drops blank columns at the right edge only when no row has anything there")
  func edge() throws {
    #expect(try Reading("a,b,,\n1,2,,\n").shape.columns == ["a", "b"])
    let late = "a,b,,\n" + String(repeating: "1,2,,\n", count: 500) + "1,2,x,\n"
    #expect(try Reading(late).shape.columns == ["a", "b", "(column 3)"])
  }

  @Test("reads a header alone as no rows")
  func headerAlone() throws {
    let reading = try Reading("Case #,Status\n")
    #expect(reading.shape.columns == ["Case #", "Status"])
    #expect(reading.rows.isEmpty)
  }

  @Test(
    "reads a file the way a person corrected it",
    arguments: [
      (ReadingOptions(delimiter: ";"), ["a,b"], [["1,2"], ["3,4"]]),
      (ReadingOptions(headerRow: 2), ["1", "2"], [["3", "4"]]),
      (ReadingOptions(headerRow: 0), ["(column 1)", "(column 2)"], [["a", "b"], ["1", "2"], ["3", "4"]]),
    ] as [(ReadingOptions, [String], [[String]])])
  func corrected(options: ReadingOptions, columns: [String], rows: [[String]]) throws {
    let reading = try Reading("a,b\n1,2\n3,4\n", options)
    #expect(reading.shape.columns == columns)
    #expect(reading.cells == rows)
  }

  @Test("says which choice is not there")
  func unknownChoices() {
    for options in [
      ReadingOptions(encoding: "klingon"), ReadingOptions(delimiter: "ab"), ReadingOptions(sheet: "Sheet1"),
      ReadingOptions(headerRow: 99),
    ] {
      #expect { try Reading("a,b\n1,2\n", options) } throws: { ($0 as? SourceError)?.code == .optionUnknown }
    }
  }

  @Test("survives being stored and read again")
  func shapeIsStored() throws {
    let file = SourceFile(MemoryBytes(Array("a;b\n1;2\n".utf8)))
    let shape = try file.inspect()
    let again = try JSONRoundTrip.of(shape)
    #expect(again == shape)
    #expect(try file.rows(again).next()?.cells == ["1", "2"])
  }
}

@Suite("Headers, preambles and footers")
struct HeaderTests {
  @Test(
    "finds the line that names the columns",
    arguments: [
      ("Case #,Status,Date\n1,open,2021-01-01\n", 1, 1),
      ("Export of cases\n\nCase #,Status,Date\n1,open,2021-01-01\n2,open,2021-01-02\n", 3, 1),
      ("Report,Cases,2021\n\nCase #,Status,Date\n1,open,2021-01-01\n2,open,2021-01-02\n", 3, 1),
      ("Acme,,,\nMade by,Bob,,\nCase #,Status,Date,Who\n1,open,2021-01-01,x\n2,x,2021-01-02,y\n", 3, 2),
      ("\n\nCase #,Status\n1,open\n2,open\n", 3, 0),
      ("Case #,Status\n1,open\n2,open\n\n3,open\n4,new\n", 1, 0),
    ] as [(String, Int, Int)])
  func header(text: String, row: Int, preamble: Int) throws {
    let reading = try Reading(text)
    #expect(reading.shape.headerRow == row)
    #expect(reading.shape.findings.contains { $0.code == .preamble } == (preamble > 0 && row > 1))
  }

  @Test(
    "skips lines below the header that explain it",
    arguments: [
      "Case #,Received At\ncase_no,received_at\nCase Number,Received at\n1,x\n",
      "caseNumber,receivedAt\nCase Number,Received At\n1,x\n",
      "Case,Received\nvarchar(64),datetime\nrequired,YYYY-MM-DD\n1,x\n",
      "Case,Received\n----,--------\n1,x\n",
      "Start,Q1\nstart,q1\n\"{\"\"ImportId\"\":\"\"start\"\"}\",\"{\"\"ImportId\"\":\"\"QID1\"\"}\"\n1,x\n",
    ])
  func sublabels(text: String) throws {
    #expect(try Reading(text).cells.last == ["1", "x"])
    if !text.hasPrefix("Case #") { #expect(try Reading(text).rows.count == 1) }
  }

  @Test(
    "leaves out what is no record",
    arguments: [
      "Total,,4", "Grand total: 4,,", "Totals,2,4", "(2 rows affected),,", "(1 row affected),,",
      "Generated on 2021-05-04,,", "Generated on:,2021-05-04,", "Exported by Bob,,", "Case,Owner,Count",
      "Some words at the end,,", "© 2021 Acme,,", "Page 1 of 1,,",
    ])
  func footers(line: String) throws {
    let reading = try Reading("Case,Owner,Count\nA,x,2\nB,y,2\n\(line)\n")
    #expect(reading.cells == [["A", "x", "2"], ["B", "y", "2"]])
    #expect(reading.skipped.count == 1)
    #expect(reading.skipped.first?.row == 4)
  }

  @Test("keeps a row of one cell when a record follows, and a record that only looks like a total")
  func kept() throws {
    let reading = try Reading(
      "Case,Owner,Count\nA,,\nB,y,2\nTotal Recall Ltd,z,1\nTotal,Miller,x\nCopyright policy,,1\nGenerated on paper,z,\n"
    )
    #expect(reading.cells.count == 6)
    #expect(reading.skipped.isEmpty)
  }

  @Test("leaves out a header that is repeated between pages")
  func repeated() throws {
    let reading = try Reading("Case,Owner\nA,x\nCase,Owner\nB,y\n")
    #expect(reading.cells == [["A", "x"], ["B", "y"]])
    #expect(reading.skipped.map(\.code) == [.repeatedHeader])
  }

  @Test("says when no line names the columns")
  func none() throws {
    let reading = try Reading("1,2,2021-01-01\n3,4,2021-01-02\n")
    #expect(reading.shape.headerRow == nil)
    #expect(reading.cells.count == 2)
    #expect(reading.shape.findings.contains { $0.code == .noHeader })
  }
}

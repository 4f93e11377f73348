// JSON and NDJSON as tables.

import SourceFiles
import Testing

@Suite("JSON")
struct JSONTests {
  @Test("makes a column of every path, in the order in which they first come")
  func flattened() throws {
    let reading = try Reading(#"[{"a":1,"b":{"c":"x","d":{"e":true}}},{"f":null,"b":{"c":"y"}}]"#)
    #expect(reading.shape.kind == .json)
    #expect(reading.shape.columns == ["a", "b.c", "b.d.e", "f"])
    #expect(reading.cells == [["1", "x", "true", ""], ["", "y", "", ""]])
    #expect(reading.shape.headerRow == nil)
  }

  @Test("joins plain lists and keeps all others as JSON")
  func lists() throws {
    let reading = try Reading(
      #"[{"a":["x","y",3],"b":["p;q","r"],"c":[{"k":"v \"w\""},[1]],"d":[],"e":[null]}]"#)
    #expect(reading.cells == [["x; y; 3", #"["p;q","r"]"#, #"[{"k":"v \"w\""},[1]]"#, "", ""]])
  }

  @Test("reads escapes, pairs of surrogates, and numbers as they are written")
  func texts() throws {
    let reading = try Reading(
      #"[{"a":"\u00e9\ud83d\ude00\n\t\"\\\/","b":1.50,"c":-0,"d":12345678901234567890,"e":1e3}]"#)
    #expect(reading.cells == [["é😀\n\t\"\\/", "1.50", "-0", "12345678901234567890", "1e3"]])
  }

  @Test("takes the last of two equal names, with a warning, and NaN for nothing")
  func duplicates() throws {
    let reading = try Reading(#"[{"a":1,"a":2,"b":NaN,"c":Infinity}]"#)
    #expect(reading.cells == [["2", "", ""]])
    #expect(reading.problems == [.duplicateKey])
    #expect(reading.rows[0].problems[0].level == .warning)
  }

  @Test("offers every list of objects inside, and reads the longest or the one that is chosen")
  func pointers() throws {
    let text = #"{"meta":{"n":[1,2]},"few":[{"x":1}],"a/b":{"c~d":[{"y":1},{"y":2}]}}"#
    let reading = try Reading(text)
    #expect(reading.shape.tables.map(\.name) == ["/few", "/a~1b/c~0d"])
    #expect(reading.shape.table == "/a~1b/c~0d")
    #expect(reading.cells == [["1"], ["2"]])
    #expect(try Reading(text, ReadingOptions(sheet: "/few")).shape.columns == ["x"])
    #expect { try Reading(text, ReadingOptions(sheet: "/meta")) } throws: {
      ($0 as? SourceError)?.code == .optionUnknown
    }
  }

  @Test("reads lines of objects, and makes a cut one an issue of its row")
  func lines() throws {
    let reading = try Reading("{\"a\":1}\n\n{\"a\":2,\"b\":\"x\"}\nrubbish\n{\"a\":\"cut")
    #expect(reading.shape.kind == .ndjson)
    #expect(reading.rows.map(\.number) == [1, 3, 4, 5])
    #expect(reading.rows.map { $0.problems.map(\.code) } == [[], [], [.unreadableRow], [.unreadableRow]])
    #expect(reading.cells[1] == ["2", "x"])
  }

  @Test("reads UTF-16, and a table that begins with a bracket or a brace as the table it is")
  func beginnings() throws {
    let wide = Array("[{\"a\":\"ü\"}]".utf16).flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    #expect(try Reading([0xFF, 0xFE] + wide).cells == [["ü"]])
    #expect(try Reading("[Name],[Date]\nx,y\n").shape.columns == ["[Name]", "[Date]"])
    let uuid = "{6F9619FF-8B86-D011-B42D-00C04FC964FF},x\n{6F9619FF-8B86-D011-B42D-00C04FC964FE},y\n"
    #expect(try Reading(uuid, ReadingOptions(headerRow: 0)).rows.count == 2)
  }
}

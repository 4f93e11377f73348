// What the mapper asks beside the columns, through the routes: joins, one value for all, words that say nothing, parts.

import EthicoTypes
import Foundation
import TestSupport
import Testing

@Suite("The mapper beside its columns")
struct MappingExtraTests {
  private static let csv = """
    case_number;status;reporter_type;received_at;category;title;summary;Site;Building
    EP-1;New;anonymous;25/12/2020;Theft;Stock;Pallets.;Plant 4, gate B;Hall 2
    EP-2;New;anonymous;26/12/2020;Theft;Stock;Ohne;;Hall 3

    """

  private func uploaded(_ desk: ImportDesk) async throws -> String {
    let sent = try await desk.browser.upload(
      ImportDesk.home + "/files", file: (name: "cases.csv", bytes: Array(Self.csv.utf8)))
    #expect(sent.status == 303, "\(sent.body)")
    try await desk.work()
    return try #require(try await desk.batches().first)
  }

  /// Every column by its own name, the last two as the location.
  private func fields(_ desk: ImportDesk, _ batch: String) async throws -> [(String, String)] {
    let targets = ["case_number", "status", "reporter_type", "received_at", "category", "title", "summary"]
    return [("version", try await desk.version(batch))]
      + (targets + ["location", "location"]).enumerated().flatMap { index, target in
        [("c\(index).target", target), ("c\(index).ok", "true")]
      }
  }

  @Test("says how several columns become one, gives one value to all, and reads words and parts as somebody wants")
  func extras() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await uploaded(desk)
    let fields = try await fields(desk, batch)
    let open = try await desk.browser.post(
      batch + "/map", list: fields + [("then", "check")], accept: "application/json")
    #expect(try open.gist == "409 mapping_open")
    #expect(open.body.contains("Location has more than one column") && open.body.contains("Channel is needed"))
    let page = try await desk.browser.post(batch + "/map", list: fields + [("then", "check")])
    #expect(page.body.contains("How they become Location") && page.body.contains("Site, Building"))
    let saved = try await desk.browser.post(
      batch + "/map",
      list: fields + [
        ("j.location", "all"), ("js.location", " – "), ("constant", "channel"), ("constant_value", "phone"),
        ("nothing", "Ohne\r\n-"), ("c7.split", ","), ("c7.part", "1"), ("then", "check"),
      ])
    #expect(saved.status == 303, "\(saved.body)")
    try await desk.work()
    let one = try #require(try await desk.browser.json(batch + "/rows/2")["record"] as? [String: String])
    #expect(one["location"] == "Plant 4 – Hall 2" && one["channel"] == "phone")
    let other = try #require(try await desk.browser.json(batch + "/rows/3")["record"] as? [String: String])
    #expect(other["location"] == "Hall 3" && other["summary"] == nil)
    let mapper = try await desk.browser.json(batch + "/map")
    #expect((mapper["constants"] as? [String: String]) == ["channel": "phone"])
    #expect(
      (mapper["nothing"] as? [String]) == ["-", "ohne"]
        && (mapper["shared"] as? [String: String]) == ["location": "all"])
    // What a later form does not speak of stays.
    let again = try await desk.browser.post(
      batch + "/map", list: try await self.fields(desk, batch) + [("k.channel", "phone")])
    #expect(again.status == 303, "\(again.body)")
    let kept = try await desk.browser.json(batch + "/map")
    #expect((kept["shared"] as? [String: String]) == ["location": "all"] && (kept["nothing"] as? [String])?.count == 2)
  }

  @Test("says at the field what cannot be, and keeps what was typed")
  func refused() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await uploaded(desk)
    let sent = try await desk.browser.post(
      batch + "/map",
      list: try await fields(desk, batch) + [
        ("j.location", "shuffle"), ("constant", "severity"), ("constant_value", "purple"), ("c7.split", ","),
        ("c7.part", "0"), ("nothing", String(repeating: "x", count: 101)), ("k.due_at", "31/02/2021"),
      ])
    #expect(sent.status == 422)
    for field in ["j.location", "constant_value", "c7.part", "nothing", "k.due_at"] {
      #expect(sent.body.contains("href=\"#f-\(field)\""), "\(field)")
    }
    #expect(sent.body.contains("value=\"purple\"") && sent.body.contains(String(repeating: "x", count: 101)))
    let empty = try await desk.browser.post(
      batch + "/map", list: try await fields(desk, batch) + [("constant", "severity")], accept: "application/json")
    #expect(try empty.gist == "422 invalid")
  }
}

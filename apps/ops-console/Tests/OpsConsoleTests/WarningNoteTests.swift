// Warnings are noted one by one: nobody is told of one that it is noted who has not ticked it.

import Foundation
import OpsConsole
import TestSupport
import Testing

@Suite("The warnings of a batch")
struct WarningNoteTests {
  private static let csv = """
    case_number;title;severity;status;reporter_type;channel;incident_start;received_at;closed_at;category;summary
    EP-1;Remarks;High;New;anonymous;phone;;25/12/2020;13/11/2020;Harassment;On the night shift.
    EP-2;Stock;Low;New;anonymous;phone;29/12/2020;25/12/2020;;Harassment;Pallets disappear.

    """

  @Test("are noted one by one: with none ticked the form says so, with some how many are left")
  func noted() async throws {
    let desk = try await ImportDesk.open()
    let batch = try await desk.check(Self.csv)
    let none = try await desk.browser.post(batch + "/acknowledge", ["version": try await desk.version(batch)])
    #expect(none.status == 422 && none.body.contains("Tick each warning that you have looked at."))
    #expect(none.body.contains("id=\"f-code-error\""))
    #expect(try await acknowledged(desk, batch).isEmpty)
    let codes = ["order.closed_before_received", "order.incident_after_received"]
    let said = ["1 of 2 warnings is noted.", "The warnings are noted."]
    for (index, code) in codes.enumerated() {
      let sent = try await desk.browser.post(
        batch + "/acknowledge", ["version": try await desk.version(batch), "code[]": code])
      #expect(sent.status == 303, "\(sent.body)")
      #expect(try await desk.browser.get(try #require(sent.location)).body.contains(said[index]))
    }
    #expect(try await acknowledged(desk, batch) == codes)
  }

  private func acknowledged(_ desk: ImportDesk, _ batch: String) async throws -> [String] {
    try #require(try await desk.browser.json(batch)["acknowledged"] as? [String])
  }
}

// One chain a client, without forks, whatever happens at once.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Access

@Suite("The chain")
struct ChainTests {
  private let chain = UUID(uuidString: "0193a5c0-0000-7000-8000-000000000001") ?? UUID()

  @Test("hashes as the specification's vectors")
  func vectors() {
    let salt = (0..<16).map { UInt8($0) }
    let row = Hash.sha256(salt, Array(#"{"op": "U", "pk": "7"}"#.utf8))
    let digest = Hash.digests([row])
    #expect(digest == Digest(hexadecimal: "3d33e45e04159ceddb79f395460bae4b1a47e66184e12b3ef4069fd540c04d03"))
    let body = #"{"action":"case.assign","at":"2026-03-02T09:15:00.000000Z","v":1}"#
    let leaf = Hash.leaf(changeDigest: digest, detailDigest: .zero, body: Array(body.utf8))
    #expect(leaf == Digest(hexadecimal: "ce376410bf4b05b53e19561487ae052e12c6a12b438b5a645ae774e9f8638a8a"))
    let start = Hash.start(of: chain)
    #expect(start == Digest(hexadecimal: "f0d92b75ee172aa2a15460b00eb42b2edf525284a835cee1fc2c02375e27d4dc"))
    let first = Hash.seal(chain: chain, seq: 1, prev: start, leaf: leaf)
    #expect(first == Digest(hexadecimal: "7aa3512768766c54d7e8363c83810e4e0318c8ca735dc10bd75d482a9fefc8d0"))
  }

  @Test("hashes two changes and a detail as the second vector")
  func secondVector() {
    let payload = Array(
      (#"{"op": "U", "pk": {"id": "0193a5c0-0000-7000-8000-00000000000c"}, "after": {"stage": "assigned"}, "#
        + #""table": "case", "before": {"stage": "new"}}"#).utf8)
    let rows = [0, 16].map { start in Hash.sha256((start..<start + 16).map { UInt8($0) }, payload) }
    #expect(
      Hash.digests(rows) == Digest(hexadecimal: "1f4a5bdf6e8e95cdeba13cff0277341bb6d392432aaa0d7a714033752d474fda"))
    let detail = Hash.sha256((32..<48).map { UInt8($0) }, Array("Ärger".utf8))
    #expect(detail == Digest(hexadecimal: "174bf5fdba6e0a48436035275ecc60b268ae66699bc1143a7671001e76219663"))
  }

  @Test("writes JSON in its canonical form")
  func canonical() {
    let value = CanonicalJSON.object(["b": .integer(1), "a": .string("\u{1}\"\\é\n"), "A": .array([.string("x")])])
    #expect(value.text == #"{"A":["x"],"a":"\u0001\"\\é\n","b":1}"#)
  }

  @Test("reads the members of canonical JSON, and of nothing else")
  func members() throws {
    let text = #"{"a":"\"b\":1}","b":{"a":[1,"]"],"c":{}},"d":7}"#
    let members = try #require(CanonicalMembers(Array(text.utf8)))
    #expect(members.says("a", string: #""b":1}"#))
    #expect(members.says("b", text: #"{"a":[1,"]"],"c":{}}"#))
    #expect(members.says("d", text: "7"))
    #expect(members.says("c", text: nil))
    #expect(!members.says("d", text: nil))
    #expect(!members.says("d", text: "77"))
    #expect(try #require(CanonicalMembers(Array(#"{"a":1,"a":1}"#.utf8))).says("a", text: "1") == false)
    for broken in ["", "{", "{}", "[]", #"{"a"}"#, #"{"a":1"#, #"{"a":1}}"#, #"{"a":"1}"#, #"{ "a":1}"#, #"{"a":1,}"#] {
      #expect(CanonicalMembers(Array(broken.utf8)) == nil, "\(broken)")
    }
  }

  @Test("64 writers with rollbacks leave one unbroken chain")
  func manyWriters() async throws {
    let db = try await TestDatabase.make(pools: 16)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<64 {
        group.addTask { try await write(db, writer) }
      }
      try await group.waitForAll()
    }
    let verification = try await db.ledger.verify(by: db.system())
    #expect(verification.result == .intact, "\(String(describing: verification.firstBreak))")
    let forks = try await db.superuser().query(
      .superuser, "SELECT count(*) FROM (SELECT 1 FROM audit_seal GROUP BY chain, prev HAVING count(*) > 1) f",
      as: Int.self)
    #expect(forks == [0])
  }

  private struct RolledBack: Error {}

  private func write(_ db: TestDatabase, _ writer: Int) async throws {
    for step in 0..<4 {
      do {
        try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
          try await tx.execute("UPDATE tenant_setting SET value = \(String(step)) WHERE key = 'cases.default_sla_days'")
          try await tx.record("tenant_setting.set")
          if (writer + step).isMultiple(of: 5) { throw RolledBack() }
        }
      } catch is RolledBack {}
    }
  }
}

extension Digest {
  fileprivate init(hexadecimal: String) {
    let digits = Array(hexadecimal)
    let bytes = stride(from: 0, to: digits.count, by: 2).map { place in
      UInt8(String(digits[place...place + 1]), radix: 16) ?? 0
    }
    self = bytes.withUnsafeBytes { Digest($0) }
  }
}

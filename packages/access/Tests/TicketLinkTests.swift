// Ticket links: what a signature is over, and that nothing a link says is lost when it does not hold.

import Foundation
import Testing

@testable import Access

private let keys = try? TicketKeys(parsing: "z1:0123456789abcdef0123456789abcdef,z2:fedcba9876543210fedcba9876543210")
private let madeAt: TimeInterval = 1_772_442_900
private let now = Date(timeIntervalSince1970: madeAt + 600)
private let vector = """
  v=1&k=z1&src=zendesk&tenant=acme-health&ticket=48213&user=admin%40acme-health.example&ts=1772442900\
  &sig=RdkLIo9YpmiIxO0Gyc2_5fjEfDIQagBRpYBZ25xNd4Q
  """

/// A link after somebody changed it: one text replaced by another.
struct Altered: Sendable, CustomTestStringConvertible {
  let old: String
  let new: String
  let doubt: TicketLink.Doubt
  /// What of the link must still be readable.
  var kept = ["48213", "zendesk", "acme-health", "admin@acme-health.example"]

  var testDescription: String { "\(old) → \(new)" }
}

private let alterations: [Altered] = [
  Altered(old: "ticket=48213", new: "ticket=48214", doubt: .signature, kept: ["48214", "zendesk"]),
  Altered(old: "tenant=acme-health", new: "tenant=other", doubt: .signature, kept: ["other", "48213"]),
  Altered(old: "src=zendesk", new: "src=jira", doubt: .signature, kept: ["jira", "48213"]),
  Altered(old: "admin%40", new: "root%40", doubt: .signature, kept: ["root@acme-health.example"]),
  Altered(old: "&user=admin%40acme-health.example", new: "", doubt: .signature, kept: ["48213"]),
  Altered(old: "user=admin", new: "user%3Dadmin", doubt: .malformed),
  Altered(old: "ts=1772442900", new: "ts=1772442901", doubt: .signature),
  Altered(old: "ts=1772442900", new: "ts=9999999999", doubt: .signature),
  Altered(old: "k=z1", new: "k=z2", doubt: .signature),
  Altered(old: "k=z1", new: "k=z9", doubt: .key),
  Altered(old: "v=1", new: "v=2", doubt: .version),
  Altered(old: "v=1", new: "v=01", doubt: .version),
  Altered(old: "sig=Rdk", new: "sig=Sdk", doubt: .signature),
  // The last character has two spare bits: R and Q decode alike where a reader is careless.
  Altered(old: "xNd4Q", new: "xNd4R", doubt: .signature),
  Altered(old: "xNd4Q", new: "xNd4Q=", doubt: .signature),
  Altered(old: "c2_5", new: "c2/5", doubt: .signature),
  Altered(old: "&sig=RdkLIo9YpmiIxO0Gyc2_5fjEfDIQagBRpYBZ25xNd4Q", new: "", doubt: .incomplete),
  Altered(old: "sig=RdkLIo9YpmiIxO0Gyc2_5fjEfDIQagBRpYBZ25xNd4Q", new: "sig=", doubt: .incomplete),
  Altered(old: "ticket=48213", new: "ticket=48213&ticket=48213", doubt: .doubled),
  Altered(old: "ticket=48213", new: "ticket=666&ticket=48213", doubt: .doubled, kept: ["666", "48213"]),
  Altered(old: "ticket=48213", new: "ticket=48213&%74icket=666", doubt: .doubled, kept: ["666", "48213"]),
  Altered(
    old: "ticket=48213", new: "ticket=48213&note=hello+there", doubt: .signature, kept: ["hello there", "48213"]),
  Altered(old: "ticket=48213", new: "ticket=48213%0Auser=x", doubt: .control, kept: ["48213%0Auser=x"]),
  Altered(old: "ticket=48213", new: "ticket=48213%00", doubt: .control, kept: ["48213%00"]),
  Altered(old: "ticket=48213", new: "ticket=%E2%80%AE48213", doubt: .control, kept: ["%E2%80%AE48213"]),
  Altered(old: "ticket=48213", new: "ticket=48213\u{7}", doubt: .control, kept: ["48213%07"]),
  Altered(old: "ticket=48213", new: "ticket=48213%", doubt: .malformed, kept: ["48213%"]),
  Altered(old: "ticket=48213", new: "ticket=48213%ZZ", doubt: .malformed, kept: ["48213%ZZ"]),
  Altered(old: "ticket=48213", new: "ticket=48213%FF", doubt: .malformed, kept: ["48213%FF"]),
  Altered(old: "ticket=48213", new: "ticket=48213&", doubt: .malformed),
  Altered(old: "ticket=48213", new: "ticket=48213&urgent", doubt: .malformed, kept: ["urgent", "48213"]),
  Altered(old: "ticket=48213", new: "Ticket=48213", doubt: .malformed),
  Altered(old: "ticket=48213", new: "ticket=", doubt: .incomplete, kept: ["zendesk"]),
  Altered(old: "ticket=48213&", new: "", doubt: .incomplete, kept: ["zendesk"]),
  Altered(
    old: "48213", new: String(repeating: "9", count: 2048), doubt: .tooLong, kept: [String(repeating: "9", count: 2048)]
  ),
]

@Suite("Ticket links")
struct TicketLinkTests {
  @Test("are verified as the vector of SUP-9 says")
  func vectorHolds() throws {
    let link = TicketLink.read(vector, keys: try #require(keys), now: now)
    #expect(link.verification == .verified)
    #expect(link.source == "zendesk")
    #expect(link.externalID == "48213")
    #expect(link.tenantSlug == "acme-health")
    #expect(link.userEmail == "admin@acme-health.example")
    #expect(link.rawQuery == vector)
  }

  @Test("are written as the vector says")
  func signed() throws {
    let query = TicketLink.sign(
      source: "zendesk", externalID: "48213", tenantSlug: "acme-health", userEmail: "admin@acme-health.example",
      at: Date(timeIntervalSince1970: madeAt), key: "z1", of: try #require(keys))
    #expect(query == vector)
  }

  @Test("are unverified when altered, and keep what they said", arguments: alterations)
  func altered(_ altered: Altered) throws {
    let query = vector.replacing(altered.old, with: altered.new)
    #expect(query != vector)
    let link = TicketLink.read(query, keys: try #require(keys), now: now)
    #expect(link.verification == .unverified(altered.doubt))
    for text in altered.kept { #expect(link.words.contains(text)) }
    #expect(!link.words.unicodeScalars.contains { $0.value < 0x20 })
    #expect(link.rawQuery == query)
  }

  @Test("hold for ninety days, and five minutes before their time")
  func age() throws {
    let keys = try #require(keys)
    func verification(after seconds: TimeInterval) -> TicketLink.Verification {
      TicketLink.read(vector, keys: keys, now: Date(timeIntervalSince1970: madeAt + seconds)).verification
    }
    #expect(verification(after: 90 * 86_400) == .verified)
    #expect(verification(after: 90 * 86_400 + 1) == .unverified(.old))
    #expect(verification(after: -300) == .verified)
    #expect(verification(after: -301) == .unverified(.future))
  }

  @Test("say the same in another order and encoding, and hold")
  func equivalent() throws {
    let pieces = vector.replacing("acme-health&", with: "%61cme-health&").split(separator: "&").reversed()
    let link = TicketLink.read(pieces.joined(separator: "&"), keys: try #require(keys), now: now)
    #expect(link.verification == .verified)
  }

  @Test("name a record under their signature, and none without it")
  func place() throws {
    let keys = try #require(keys)
    let query = try #require(
      TicketLink.sign(
        source: "zendesk", externalID: "48213", tenantSlug: "acme-health", userEmail: nil, place: "RPT-2026-00412",
        at: now, key: "z1", of: keys))
    #expect(TicketLink.read(query, keys: keys, now: now).place == "RPT-2026-00412")
    for changed in [query.replacing("00412", with: "00413"), vector + "&open=RPT-2026-00412"] {
      let link = TicketLink.read(changed, keys: keys, now: now)
      #expect(link.verification == .unverified(.signature) && link.place == nil)
      #expect(link.words.contains("open=RPT-2026-004"))
    }
    #expect(TicketLink.read(vector, keys: keys, now: now).place == nil)
  }

  @Test("take a plus sign for a space, and keep a real one")
  func plus() throws {
    let keys = try #require(keys)
    let query = try #require(
      TicketLink.sign(
        source: "help desk", externalID: "A+1", tenantSlug: "acme", userEmail: "a+b@acme.example", at: now, key: "z2",
        of: keys))
    let link = TicketLink.read(query.replacing("help%20desk", with: "help+desk"), keys: keys, now: now)
    #expect(link.verification == .verified)
    #expect(link.source == "help desk")
    #expect(link.userEmail == "a+b@acme.example")
  }

  @Test("are nothing, and unverified, without a query", arguments: ["", "&", "=", "?", "%"])
  func empty(_ query: String) throws {
    let link = TicketLink.read(query, keys: try #require(keys), now: now)
    #expect(link.verification != .verified)
    #expect(link.tenantSlug.isEmpty)
  }

  @Test("are never verified without keys")
  func noKeys() throws {
    #expect(try TicketLink.read(vector, keys: TicketKeys(parsing: ""), now: now).verification == .unverified(.key))
  }

  @Test("have keys of 32 bytes or more, each named once")
  func settings() throws {
    let secret = String(repeating: "s", count: 32)
    #expect(try !TicketKeys(parsing: "").contains("z1"))
    #expect(try TicketKeys(parsing: "z1:a:\(secret)").contains("z1"))
    #expect(throws: TicketKeysError.short("z1")) { try TicketKeys(parsing: "z1:short") }
    #expect(throws: TicketKeysError.doubled("z1")) { try TicketKeys(parsing: "z1:\(secret),z1:\(secret)") }
    #expect(throws: TicketKeysError.form) { try TicketKeys(parsing: secret) }
    #expect(throws: TicketKeysError.form) { try TicketKeys(parsing: "z 1:\(secret)") }
  }
}

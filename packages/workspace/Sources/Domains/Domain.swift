// A domain of a client: what its people's addresses end in, and by which it is found once it is verified.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Postgres
import Web

/// A domain as its page lists it.
struct Domain: Sendable, Hashable {
  let id: ID<Domain>
  let name: String
  let verifiedAt: Date?
  /// How it was proven: a note, or the record in the DNS; `nil` for one that came verified.
  let proof: String?
  let version: Int

  static let nameLimit = 253

  static func object(_ id: ID<Domain>) -> AuditObject { AuditObject("domain", id) }

  var object: AuditObject { Self.object(id) }

  /// What the fields of its form hold.
  var fields: [(name: String, value: String)] { [("name", name)] }
}

/// The name of a domain as somebody wants it, checked.
struct DomainName: Sendable, Hashable {
  /// Folded to lower case.
  let text: String

  /// - Throws: `Invalid` for what is no name of a host with a top-level domain [RFC 1123, 2.1].
  init(_ fields: FormFields) throws {
    text = (fields["name"] ?? "").lowercased()
    let label = #/[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?/#
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    guard labels.count > 1, text.utf8.count <= Domain.nameLimit, labels.allSatisfy({ $0.wholeMatch(of: label) != nil }),
      labels.last?.contains(where: \.isLetter) ?? false
    else {
      throw Invalid("name", "Write a domain without https:// and path, as example.com.")
    }
  }
}

/// How somebody knows that a domain is the client's, checked.
struct DomainProof: Sendable, Hashable {
  let text: String

  /// Shorter says nothing.
  static let least = 3
  static let limit = 500

  /// - Throws: `Invalid` for what is too short or too long.
  init(_ fields: FormFields) throws {
    text = fields["proof"] ?? ""
    guard text.unicodeScalars.count >= Self.least else {
      throw Invalid("proof", "Say how it was proven, or write the text of the TXT record.")
    }
    if let error = FieldError(tooLong: text, "proof", "A proof", limit: Self.limit) { throw Invalid([error]) }
  }
}

/// Why a domain was left as it was.
enum DomainRefusal: Refusal, Hashable {
  /// Somebody changed it after the page was made.
  case stale(Domain)
  /// It is verified, or not, already.
  case badTransition(Domain)

  var setback: Setback {
    switch self {
    case .stale(let now):
      .stale(
        title: "\(now.name) was changed while you looked at it.",
        advice: "Nothing was changed. The page shows it as it is now.")
    case .badTransition(let now):
      Setback(
        .conflict, "bad_transition", "\(now.name) is \(now.verifiedAt == nil ? "not verified" : "verified already").",
        "Nothing was changed.")
    }
  }
}

extension Domain: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    name = try row["name"]
    verifiedAt = try row["verified_at"]
    proof = try row["proof"]
    version = try row["version"]
  }
}

// The list of a campaign's attestations: by the employee's name, filtered by what people ask for.

import Access
import EthicoTypes
import FoundationEssentials

/// What somebody wants to see of a campaign's attestations.
struct AttestationFilter: Sendable, Hashable {
  var words = ""
  var states: [AttestationState] = []
  var only: Only?
  var after: Cursor?
  var limit = 50

  enum Only: String, Term {
    case refused, reminded
  }

  /// Where the next page begins: the name of the last employee shown, and the attestation's id.
  struct Cursor: Sendable, Hashable {
    let name: String
    let id: ID<Attestation>
  }
}

/// A page of attestations.
struct AttestationPage: Sendable {
  let rows: [AttestationRow]
  /// Exact up to 10,000, then one more.
  let count: Int
  let next: AttestationFilter.Cursor?

  static let countLimit = 10_000
}

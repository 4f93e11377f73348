// Two cases that are one: what goes over to the other, what stays where it was written, and why it may not be.

import Access
import EthicoTypes
import FoundationEssentials
import Web

/// A merge as it would be now: the case that ends, the one that goes on, and how much there is of what.
///
/// What was reported goes over, and what is still being looked into, with whom they are about. What was written on the
/// case that ends stays there, readable and in its order: it was written about that case.
struct CaseMerge: Sendable {
  let source: Case
  let target: Case
  let tally: Tally
  /// Who is accused in one of the two, or kept from it, and works on the other.
  let partial: [String]

  /// How much a case has of what.
  struct Tally: Sendable, Hashable, Encodable {
    let reports: Int
    /// Those of the reports that the other case has already.
    let shared: Int
    let investigations: Int
    let closedInvestigations: Int
    let notes: Int
    let messages: Int
    let attachments: Int

    enum CodingKeys: String, CodingKey {
      case reports, shared, notes, messages, attachments
      case investigations = "open_investigations"
      case closedInvestigations = "closed_investigations"
    }

    /// What goes over, in words.
    var moving: String {
      [counted(reports, "report"), counted(investigations, "open investigation")].joined(separator: ", ")
    }
  }

  /// Why it may not be; `nil` where it may.
  var refusal: CaseRefusal? {
    for one in [source, target] {
      if one.mergedInto != nil { return .merged(one) }
      if one.status == .closed { return .notOpen(one) }
    }
    return partial.isEmpty ? nil : .partial(names: partial)
  }
}

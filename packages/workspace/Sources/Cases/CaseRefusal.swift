// Why a case was left as it was.

import Access
import EthicoTypes
import HTTPTypes
import Web

/// Why a case was left as it was.
enum CaseRefusal: Refusal, Hashable {
  /// Somebody saved the case after this person began.
  case stale(Case)
  case badTransition(from: CaseStage, to: CaseStage)
  /// The person is accused in the case, or it is kept from them.
  case conflict(String, CaseBar, CasePart)
  /// The case went into another one, and is not worked on any more.
  case merged(Case)
  /// Only what is closed has come out.
  case noOutcome(Case)
  /// Only what is open is merged.
  case notOpen(Case)
  /// They are accused in one of two cases, or it is kept from them, and work on the other.
  case partial(names: [String])
  /// As many people work on it beside the lead as may.
  case full(Case)
  /// The person does not work on it beside the lead.
  case noMember(Case, PersonReference)
  /// The client does not have what gives many cases another lead at once.
  case oneByOne(client: String)

  var setback: Setback {
    switch self {
    case .stale(let now):
      .stale(now.reference)
    case .badTransition(let from, let to):
      Setback(
        .conflict, "bad_transition", "A case cannot go from \(from.label) to \(to.label).",
        "Nothing was changed. Choose one of the stages that may follow.")
    case .conflict(let name, let bar, let part):
      Setback(
        .unprocessableContent, "conflict", "\(name) is \(bar.words) this case and cannot \(part.verb) it.",
        "Nothing was changed. Choose somebody else.",
        errors: [FieldError(part.field, "\(name) is \(bar.words) this case.")])
    case .merged(let found):
      Setback(
        .conflict, "merged", "\(found.reference) was merged into \(found.mergedInto?.reference ?? "another case").",
        "Nothing was changed. Work on that case instead.")
    case .noOutcome(let found):
      Setback(
        .conflict, "bad_transition",
        "\(found.reference) is \(found.stage.label.lowercased()): it has not come out yet.",
        "Nothing was changed. Close it with its outcome.")
    case .notOpen(let found):
      Setback(
        .conflict, "bad_transition", "\(found.reference) is \(found.stage.label.lowercased()).",
        "Nothing was changed. An open case is merged into another open case.")
    case .partial(let names):
      Setback(
        .unprocessableContent, "conflict",
        "\(names.joined(separator: ", ")) would work on a case in which they are accused, or which is kept from them.",
        "Nothing was changed. Give their part to somebody else first.",
        errors: [
          FieldError("into", "\(names.joined(separator: ", ")): barred from one case, at work on the other.")
        ])
    case .full(let found):
      Setback(
        .conflict, "full",
        "\(Case.membersLimit) people work on \(found.reference) beside its lead, as many as may.",
        "Nothing was changed. Remove one of them first.")
    case .noMember(let found, let person):
      Setback(
        .conflict, "no_member",
        found.lead == person
          ? "\(person.name) leads \(found.reference)." : "\(person.name) does not work on \(found.reference).",
        found.lead == person ? "Nothing was changed. Give it another lead instead." : "Nothing was changed.")
    case .oneByOne(let client):
      Setback(
        .forbidden, "feature_off", "\(client) assigns its cases one by one.",
        "Nothing was changed. Assign each case on its page, or have the flag bulk_operations turned on here.")
    }
  }
}

/// What somebody is to a case that they work on.
enum CasePart: Sendable, Hashable {
  case lead, member

  fileprivate var verb: String {
    switch self {
    case .lead: "lead"
    case .member: "work on"
    }
  }

  /// The field of the form that names them.
  fileprivate var field: String {
    switch self {
    case .lead: "lead"
    case .member: "member"
    }
  }
}

// A category of reports and cases: how grave they are at first, how long they may take, and to whom new ones go.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Web

/// A category with how it is used.
struct Category: Sendable, Hashable {
  let id: ID<Category>
  /// The category that it is a part of; only one without a parent has parts.
  let parentID: ID<Category>?
  let code: String
  let name: String
  let severity: Severity
  let days: Int
  /// Who new cases go to; `nil` leaves them unassigned.
  let lead: CategoryLead?
  let openCases: Int
  /// The categories in use below it.
  let parts: Int
  let retiredAt: Date?
  let version: Int

  static let nameLimit = 100
  static let days = 1...3650

  static func object(_ id: ID<Category>) -> AuditObject { AuditObject("category", id) }
  var object: AuditObject { Self.object(id) }

  /// What keeps it from being retired, as `3 open cases`; `nil` when nothing does.
  var uses: String? {
    let uses = [
      openCases > 0 ? counted(openCases, "open case") : nil,
      parts > 0 ? counted(parts, "category", "categories") + " below it" : nil,
    ]
    return uses.contains { $0 != nil } ? uses.compactMap(\.self).joined(separator: " and ") : nil
  }

  /// The stored values, as the form shows them.
  var fields: [(name: String, value: String)] {
    [
      ("name", name), ("code", code), ("severity", severity.rawValue), ("days", String(days)),
      ("parent", parentID?.description ?? ""), ("lead", lead?.id.description ?? ""),
    ]
  }
}

/// Somebody whom new cases of a category go to.
struct CategoryLead: Sendable, Hashable {
  let id: ID<ClientUser>
  let name: String
  /// Whether they may lead a case as things are: a role may change, and a user go.
  let mayLead: Bool
}

/// Which way a category moves among those beside it.
enum CategoryDirection: String, Term {
  case up, down
}

/// Why a category was left as it was.
enum CategoryRefusal: Refusal, Hashable {
  /// Somebody saved the category after this person began.
  case stale(Category)
  case inUse(Category)
  case retired(Category)

  var setback: Setback {
    switch self {
    case .stale(let now):
      .stale("“\(now.name)”")
    case .inUse(let category):
      Setback(
        .conflict, "in_use", "“\(category.name)” has \(category.uses ?? "something open").",
        "Nothing was changed. Close the cases or give them another category first.")
    case .retired(let category):
      Setback(.conflict, "bad_transition", "“\(category.name)” is retired.", "Nothing was changed.")
    }
  }
}

/// A category as somebody wants it, checked. Whether the parent and the lead will do, the database knows.
struct CategoryDraft: Sendable, Hashable {
  let name: String
  let code: String
  let severity: Severity
  let days: Int
  let parent: ID<Category>?
  let lead: ID<ClientUser>?

  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields) throws {
    var errors: [FieldError] = []
    name = fields["name"] ?? ""
    if name.isEmpty || name.contains(where: \.isControl) {
      errors.append(FieldError("name", "Say what the category is called, on one line."))
    }
    if let error = FieldError(tooLong: name, "name", "A name", limit: Category.nameLimit) { errors.append(error) }
    code = (fields["code"] ?? "").uppercased()
    if code.wholeMatch(of: #/[A-Z0-9][A-Z0-9_-]{0,19}/#) == nil {
      errors.append(FieldError("code", "A code is 1 to 20 letters, digits, hyphens and underscores, as HSE."))
    }
    let severity = fields["severity"].flatMap(Severity.init(rawValue:))
    if severity == nil { errors.append(FieldError("severity", "Choose how grave its cases are at first.")) }
    let days = fields["days"].flatMap { Int($0) }.flatMap { Category.days.contains($0) ? $0 : nil }
    if days == nil {
      errors.append(
        FieldError("days", "Write days from \(Category.days.lowerBound) to \(grouped(Category.days.upperBound))."))
    }
    parent = fields.given("parent").flatMap { ID<Category>($0) }
    if parent == nil, fields.given("parent") != nil { errors.append(.categoryPlace) }
    lead = fields.given("lead").flatMap { ID<ClientUser>($0) }
    if lead == nil, fields.given("lead") != nil { errors.append(.categoryLead) }
    guard errors.isEmpty, let severity, let days else { throw Invalid(errors) }
    self.severity = severity
    self.days = days
  }
}

extension FieldError {
  static let categoryPlace = FieldError(
    "parent", "A category stands on its own, or below one that does and is in use; one with categories below it stays.")
  static let categoryLead = FieldError("lead", "Choose somebody active here who may work on cases.")
}

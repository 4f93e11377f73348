// A part of a client's organisation, as a tree: division, business unit, department, team; locations beside them.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Web

/// What a unit is. The larger stands first; a unit stands below a larger one, so that the tree has no rings.
enum OrgUnitKind: String, Term {
  case division
  case businessUnit = "business_unit"
  case department, team, location

  /// Whether a unit of this kind can hold one of that kind.
  func holds(_ other: OrgUnitKind) -> Bool {
    guard let own = Self.allCases.firstIndex(of: self), let its = Self.allCases.firstIndex(of: other) else {
      return false
    }
    return own < its
  }
}

/// A unit with how many work in it.
struct OrgUnit: Sendable, Hashable {
  let id: ID<OrgUnit>
  let parentID: ID<OrgUnit>?
  let kind: OrgUnitKind
  let name: String
  /// Those who work in it directly, today.
  let employees: Int
  /// The units in use right below it.
  let units: Int
  let retiredAt: Date?
  let version: Int

  static let limit = 2_000
  static let nameLimit = 200

  static func object(_ id: ID<OrgUnit>) -> AuditObject { AuditObject("org_unit", id) }
  var object: AuditObject { Self.object(id) }

  /// What keeps it from being retired, as `200 employees and 1 unit`; `nil` when nothing does.
  var uses: String? {
    let uses = [employees > 0 ? counted(employees, "employee") : nil, units > 0 ? counted(units, "unit") : nil]
    return uses.contains { $0 != nil } ? uses.compactMap(\.self).joined(separator: " and ") : nil
  }
}

extension [OrgUnit] {
  /// The steps from the top down to a unit, itself the last.
  func way(to id: ID<OrgUnit>) -> [OrgUnit] {
    var way: [OrgUnit] = []
    var next: ID<OrgUnit>? = id
    // As long as there are kinds: each step up is a larger one.
    while let step = next, way.count < OrgUnitKind.allCases.count, let unit = first(where: { $0.id == step }) {
      way.insert(unit, at: 0)
      next = unit.parentID
    }
    return way
  }

  /// The units in use with their way, by it; and that one, used or not.
  func choices(keeping kept: ID<OrgUnit>? = nil) -> [Choice] {
    let choices: [Choice] = filter { $0.retiredAt == nil || $0.id == kept }.map { unit in
      let way = way(to: unit.id).map(\.name).joined(separator: " › ")
      return (value: unit.id.description, label: unit.retiredAt == nil ? way : way + " (retired)")
    }
    return choices.sorted { $0.label < $1.label }
  }
}

/// Why a unit was left as it was.
enum OrgUnitRefusal: Refusal, Hashable {
  /// Somebody saved the unit after this person began.
  case stale(OrgUnit)
  case inUse(OrgUnit)
  case retired(OrgUnit)

  var setback: Setback {
    switch self {
    case .stale(let now):
      .stale(
        "“\(now.name)”",
        advice: "Nothing of yours was saved. The page shows what is stored now, and what you typed is still in the "
          + "form.")
    case .inUse(let unit):
      Setback(
        .conflict, "in_use", "“\(unit.name)” holds \(unit.uses ?? "something").",
        "Nothing was changed. Move them somewhere else first.")
    case .retired(let unit):
      Setback(.conflict, "bad_transition", "“\(unit.name)” is retired.", "Nothing was changed.")
    }
  }
}

/// The name of a unit as somebody wants it, checked.
struct OrgUnitName: Sendable, Hashable {
  let text: String

  /// - Throws: `Invalid` for what is no name.
  init(_ fields: FormFields) throws {
    text = fields["name"] ?? ""
    guard !text.isEmpty, !text.contains(where: \.isControl) else {
      throw Invalid("name", "Say what the unit is called, on one line.")
    }
    if let error = FieldError(tooLong: text, "name", "A name", limit: OrgUnit.nameLimit) { throw Invalid([error]) }
  }
}

/// A new unit as somebody wants it, checked.
struct OrgUnitDraft: Sendable, Hashable {
  let name: OrgUnitName
  let kind: OrgUnitKind
  let parent: ID<OrgUnit>?

  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields) throws {
    let kind = fields["kind"].flatMap(OrgUnitKind.init(rawValue:))
    let kindErrors = kind == nil ? [FieldError("kind", "Choose what the unit is.")] : []
    do {
      name = try OrgUnitName(fields)
    } catch let invalid as Invalid {
      throw Invalid(invalid.errors + kindErrors)
    }
    guard let kind else { throw Invalid(kindErrors) }
    self.kind = kind
    parent = try OrgUnitDraft.parent(fields)
  }

  /// - Throws: `Invalid` for what can be no unit's id.
  static func parent(_ fields: FormFields) throws -> ID<OrgUnit>? {
    guard let text = fields.given("parent") else { return nil }
    guard let id = ID<OrgUnit>(text) else { throw Invalid("parent", "Choose a unit that is in use here.") }
    return id
  }
}

// A step of the trail as a sentence, and what it changed as people name it.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

/// Names that the steps of one page tell of each other: an act on a record says its reference, a look at it does not.
/// Staff people who did nothing themselves are looked up.
struct TrailNames {
  private var known: [String: String] = [:]

  /// - Parameter staff: the names of staff people whom steps name, by the actor as rows name it.
  init(_ steps: [TrailStep], staff: [String: String] = [:]) {
    for (actor, name) in staff { known[String(actor.dropFirst("staff:".count))] = name }
    for step in steps where step.outcome == .ok {
      guard let object = step.object, let detail = step.detail, Self.named.contains(object.type),
        let name = detail.split(separator: ":", maxSplits: 1).first
      else { continue }
      known[object.id] = String(name)
    }
    for step in steps { known[step.actor.kind == "staff" ? step.actor.id : ""] = step.actor.name }
  }

  private static let named: Set<String> = [
    "case", "client_user", "policy", "campaign", "attestation", "disclosure", "investigation",
    "employee", "org_unit", "category", "domain",
  ]

  /// A record's name where the page tells it, else the end of its id.
  func shown(_ id: String) -> String {
    known[id] ?? Self.short(id)
  }

  /// The end of an id: its beginning is a time, which many share.
  static func short(_ id: String) -> String {
    UUID(uuidString: id) == nil ? id : "…" + id.suffix(7)
  }
}

extension TrailStep {
  /// `assigned RPT-2026-00012: lead – → J. Doe`, `viewed the case list`, `tried to edit RPT-2026-00012`.
  func sentence(_ names: TrailNames) -> HTML {
    let told = isOfOwnPage ? Self.ownPage : deeds[action]
    let deed = told.map { outcome == .ok ? $0.done : "tried to " + $0.tried } ?? action
    let words =
      switch revocation {
      case .revoked: "ended the access"
      case .tenantClosed: "ended the access by closing the client"
      case .manual, nil: deed
      }
    return HTML {
      words
      if action == "impersonation.start", outcome == .ok { entryWords }
      said.map { text in [" ", span(.dirAuto) { text }] } ?? thing(names)
      if outcome != .ok {
        " "
        badge([outcome.label, status.map(String.init)].compactMap(\.self).joined(separator: ", "), .bad)
      }
    }
  }

  /// A look of a staff person at the page about themselves.
  private var isOfOwnPage: Bool {
    action == "view.staff.show" && object?.id == actor.id
  }

  private static let ownPage = Deed("viewed their own staff page", "view their own staff page")

  /// How the access that this step is the end of was ended, unless by its own person leaving.
  var revocation: EndKind? {
    guard action == "impersonation.end", outcome == .ok else { return nil }
    let said = changes.flatMap(\.fields).first { $0.name == "ended_kind" }?.after
    return said.flatMap(EndKind.init(rawValue:)).flatMap { $0 == .manual ? nil : $0 }
  }

  /// The way in, as the new row says it.
  private var entryWords: String {
    let fields = changes.flatMap(\.fields)
    let entry = fields.first { $0.name == "entry" }?.after
    if entry == EntryKind.ticketLink.rawValue { return " by ticket link" }
    return fields.contains { $0.name == "ticket_id" && $0.after != nil } ? " for a ticket" : " by hand"
  }

  /// The words kept beside the event, without what the sentence says already.
  private var said: String? {
    guard let detail else { return nil }
    if action == "impersonation.start" || action == "impersonation.reenter" { return "· " + detail }
    return detail.hasSuffix(": edited") ? String(detail.dropLast(": edited".count)) : detail
  }

  private func thing(_ names: TrailNames) -> [HTML] {
    guard let object, !isSelfExplained(object) else { return [] }
    let name = names.shown(object.id)
    let words = HTML {
      Self.noun(object.type, name)
      span(.title(object.id)) { name }
    }
    guard object.type == "impersonation", let access = ID<Impersonation>(object.id) else { return [" ", words] }
    return [" ", a(.href(.timeline(access))) { words }]
  }

  /// Steps whose object is the access or the person that the page or the line is about anyway, or the one move that a
  /// client has at a time.
  private func isSelfExplained(_ object: AuditObject) -> Bool {
    action.hasPrefix("impersonation.") || action.hasPrefix("auth.") || object.type == "migration_project"
      || (object.id == actor.id && action != "staff.end_sign_ins")
  }

  /// What a thing is that is known by the end of its id alone; a name speaks for itself.
  static func noun(_ type: String, _ name: String) -> String {
    guard name.hasPrefix("…") else { return "" }
    return switch type {
    case "client_user": "person "
    case "impersonation": "access "
    case "tenant": "client "
    default: type.split(separator: "_").joined(separator: " ") + " "
    }
  }
}

extension Outcome {
  /// The word that a page shows.
  var label: String {
    rawValue.capitalizedFirst
  }
}

extension TrailStep {
  /// The fields that changed, as people name them.
  func fields(_ names: TrailNames, _ face: ClockFace) -> [FieldChange] {
    let several = Set(changes.map(\.table)).count > 1
    return changes.flatMap { change in
      change.fields.filter { !Self.isKey($0.name) }.map { field in
        FieldChange(
          label: (several ? Self.words(change.table) + ": " : "") + Self.words(field.name),
          before: field.before.map { face.words(of: $0, naming: names.shown) },
          after: field.after.map { face.words(of: $0, naming: names.shown) })
      }
    }
  }

  /// Columns that hold the row and its owner together and tell a person nothing.
  private static func isKey(_ column: String) -> Bool {
    [
      "id", "tenant_id", "staff_id", "case_id", "disclosure_id", "policy_id", "granted_by", "started_at", "entry",
    ].contains(column)
  }

  /// `assigned at` for `assigned_at`, `user` for `user_id`.
  private static func words(_ name: String) -> String {
    let parts = name.split(separator: "_")
    return (parts.last == "id" && parts.count > 1 ? parts.dropLast() : parts[...]).joined(separator: " ")
  }
}

// What the forms and the address of staff pages say, checked.

package import Access
import EthicoTypes
import FoundationEssentials
import FoundationInternationalization
import HTTPTypes
public import Web

extension StaffInvitation {
  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields) throws {
    let name = fields["name"] ?? ""
    let email = (fields["email"] ?? "").lowercased()
    let timezone = fields["timezone"] ?? ""
    let manager = fields.given("reports_to")
    let reportsTo = manager.flatMap { ID<Staff>($0) }
    let isZone = !timezone.isEmpty && TimeZone.knownTimeZoneIdentifiers.contains(timezone) || timezone == "UTC"
    let errors = [
      FieldError(email: email, "email"), Self.nameError(name),
      manager != nil && reportsTo == nil
        ? FieldError("reports_to", "Choose somebody from the list, or nobody.") : nil,
      isZone ? nil : FieldError("timezone", "Write a time zone of the IANA database, as Europe/London."),
    ].compactMap(\.self)
    guard errors.isEmpty else { throw Invalid(errors) }
    self.init(email: email, name: name, reportsTo: reportsTo, timezone: timezone)
  }

  private static func nameError(_ name: String) -> FieldError? {
    if name.isEmpty { return FieldError("name", "Say what the person is called.") }
    if name.contains(where: \.isControl) { return FieldError("name", "A name is one line of text.") }
    return FieldError(tooLong: name, "name", "A name", limit: nameLimit)
  }
}

extension NewGrant {
  /// - Parameter timezone: of the administrator; a day ends where they are.
  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields, at now: Date, timezone: String) throws {
    let what = fields.given("what").flatMap(What.init(choice:))
    let rationale = fields["rationale"] ?? ""
    let day = fields.given("until")
    let until = day.flatMap { Self.end(of: $0, ClockFace(now: now, timezone: timezone)) }
    let errors = [
      what == nil ? FieldError("what", "Choose what to grant.") : nil,
      rationale.unicodeScalars.count < Self.rationaleLeast
        ? FieldError("rationale", "Say why, in \(Self.rationaleLeast) characters or more.") : nil,
      FieldError(tooLong: rationale, "rationale", "A rationale", limit: Self.rationaleLimit),
      day == nil ? nil : Self.dayError(until, now),
    ].compactMap(\.self)
    guard errors.isEmpty, let what else { throw Invalid(errors) }
    self.init(what, rationale: rationale, until: until)
  }

  private static func dayError(_ until: Date?, _ now: Date) -> FieldError? {
    guard let until else { return FieldError("until", "Write a day, as 2026-12-31, or leave it empty.") }
    guard until > now else { return FieldError("until", "That day is over. Choose a later one, or leave it empty.") }
    return until.timeIntervalSince(now) > 10 * 366 * 86_400
      ? FieldError("until", "Choose a day within ten years, or leave it empty.") : nil
  }

  /// The last second of a day: who reads until when they hold it reads that day, not the midnight of the next.
  private static func end(of day: String, _ face: ClockFace) -> Date? {
    face.end(ofDay: day)?.addingTimeInterval(-1)
  }
}

extension NewGrant.What {
  /// Reads a choice of the form: `preset:support_l2`, `capability:debug.read`.
  init?(choice: String) {
    let parts = choice.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    switch parts[0] {
    case "preset": self = .preset(parts[1])
    case "capability":
      guard let capability = Capability(rawValue: parts[1]), capability != .tenantRead else { return nil }
      self = .capability(capability)
    default: return nil
    }
  }
}

extension Taking {
  init(_ fields: FormFields) throws {
    if let id = fields.given("grant").flatMap({ ID<StaffGrant>($0) }) {
      self = .grant(id)
    } else if let preset = fields.given("preset") {
      self = .preset(preset)
    } else {
      throw Invalid("grant", "Choose what to take.")
    }
  }
}

/// Why a person is locked out.
struct LockReason {
  let text: String

  static let least = 10
  static let limit = 500

  init(_ fields: FormFields) throws {
    text = fields["reason"] ?? ""
    if text.unicodeScalars.count < Self.least {
      throw Invalid("reason", "Say why, in \(Self.least) characters or more.")
    }
    if let error = FieldError(tooLong: text, "reason", "A reason", limit: Self.limit) { throw Invalid([error]) }
  }
}

extension SignInChoice {
  init(_ fields: FormFields) throws {
    guard let text = fields.given("sign_in") else {
      self = .all
      return
    }
    guard let id = ID<StaffSession>(text) else { throw Invalid("sign_in", "Choose a sign-in.") }
    self = .one(id)
  }
}

extension Setback {
  init(_ refusal: StaffRefusal) {
    switch refusal {
    case .ownGrant:
      self.init(
        .forbidden, "own_grant", "Nobody grants to themselves, and nobody unlocks themselves.",
        "Nothing was changed. Another administrator can.")
    case .ownAccount:
      self.init(
        .forbidden, "own_account", "Nobody locks or deactivates themselves.",
        "Nothing was changed. Another administrator can.")
    case .lastAdmin:
      self.init(
        .conflict, "last_admin", "This is the last administrator of staff whose capability has no end.",
        "Nothing was changed. Give somebody else staff.admin first, without an end.")
    case .alreadyGranted:
      self.init(
        .conflict, "already_granted", "All of it is held already, for as long or longer.",
        "Nothing was changed. To shorten a grant, take it and grant it anew.")
    case .badTransition(let state, let next):
      self.init(
        .conflict, "bad_transition", "A person who is \(state.rawValue) cannot become \(next.rawValue).",
        "Nothing was changed. Where the person stands now is below.")
    case .stale:
      self = .stale("This")
    case .unknownPreset:
      self = Invalid("what", "Choose from the list.").setback
    case .emailTaken, .emailUnreadable, .nameUnreadable, .unknown:
      self.init(.conflict, "refused", refusal.description, "Nothing was changed.")
    }
  }
}

extension StaffFilter: ListFilter {
  /// Reads the filter from the address.
  /// - Throws: `Problem` for words that are too long or a cursor of another list.
  init(_ context: StaffAdmin) throws {
    self.init(
      words: try context.filterWords(atMost: Self.wordsLimit),
      states: context.queries("state").compactMap(StaffState.init(rawValue:)),
      capability: context.query("capability"), limit: context.limit)
    if let place = try context.position(in: self, of: Staff.self) {
      after = Cursor(name: place.key, id: place.id)
    }
  }

  /// The filter as parameters of the address.
  package var conditions: [(name: String, value: String)] {
    var conditions: [(name: String, value: String)] = []
    if !words.isEmpty { conditions.append(("q", words)) }
    conditions += states.map { ("state", $0.rawValue) }
    if let capability { conditions.append(("capability", capability)) }
    return conditions
  }
}

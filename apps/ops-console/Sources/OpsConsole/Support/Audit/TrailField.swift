// What the trail is filtered by: the members of an event's body under the names that they have there, and days.

import Access
import EthicoTypes
import FoundationEssentials
import Web

/// A field of the trail's filters, by the name that it has in the address.
enum TrailField: String, CaseIterable, Sendable {
  case actor, tenant, action, outcome, from, to
  case subject, impersonation, session, request, ip, method, route, status
  case objectType = "object_type"
  case object, effect, id, release

  /// The fields that are always in sight.
  static let first: [TrailField] = [.actor, .tenant, .action, .outcome, .from, .to]
  /// The most characters of a field.
  static let limit = 200

  var label: String {
    switch self {
    case .actor: "Person"
    case .tenant: "Client"
    case .action: "Action"
    case .outcome: "Outcome"
    case .from: "From"
    case .to: "Until"
    case .subject: "Subject"
    case .impersonation: "Access"
    case .session: "Sign-in"
    case .request: "Correlation"
    case .ip: "Address"
    case .method: "Method"
    case .route: "Route"
    case .status: "Answer"
    case .objectType: "Kind of object"
    case .object: "Object"
    case .effect: "Effect on"
    case .id: "Event"
    case .release: "Release"
    }
  }

  /// What to write there.
  var help: String? {
    switch self {
    case .actor: "Name, e-mail, system:worker"
    case .tenant: "As in its address, or platform"
    case .action: "As case.assign, or all: case."
    case .outcome, .from, .to, .method, .route, .release: nil
    case .subject, .impersonation, .session, .request, .effect, .id: "The whole id"
    case .object: "The whole id, best with the client"
    case .objectType: "As case or client_user"
    case .ip: "As 203.0.113.7"
    case .status: "As 403"
    }
  }
}

extension TrailField {
  /// What the words mean. Days are not conditions; the form reads them together.
  /// - Throws: `FieldError` with what is wrong, as a sentence.
  func conditions(_ text: String, _ ledger: Ledger) async throws -> [TrailCondition] {
    switch self {
    case .from, .to: []
    case .actor: try await Self.actor(text, ledger)
    case .tenant: [.tenant(try await Self.tenant(text, ledger))]
    case .action: [try Self.action(text)]
    case .outcome: [.outcome(try demand(Outcome(rawValue: text), "Choose an outcome."))]
    case .subject: [.subject(try id(text))]
    case .impersonation: [.access(try id(text))]
    case .session: [.session(try id(text))]
    case .request: [.request(try id(text))]
    case .id: [.event(try id(text))]
    case .ip: [.ip(try word(text, of: "0123456789abcdefABCDEF.:", "Write an address as 203.0.113.7 or 2001:db8::1."))]
    case .method: [.method(try word(text.uppercased(), of: Self.capitals, "Write a method as GET or POST."))]
    case .status: [.status(try demand(Int(text).flatMap { (100...599).contains($0) ? $0 : nil }, "Write it as 403."))]
    case .objectType: [.objectType(try word(text, of: Self.letters + "_", "Write it as case or client_user."))]
    case .route: [.route(text)]
    case .object: [.object(text)]
    case .effect: [.effect(text)]
    case .release: [.release(text)]
    }
  }

  private static let letters = "abcdefghijklmnopqrstuvwxyz"
  private static let capitals = letters.uppercased()
  private static let actorKinds: Set = ["staff", "client_user", "system", "integration", "anonymous"]

  /// One of the staff by name, address or id; or as rows name an actor, `system:worker`; or everybody of a kind.
  private static func actor(_ text: String, _ ledger: Ledger) async throws -> [TrailCondition] {
    if actorKinds.contains(text) { return [.actorKind(text)] }
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    if parts.count == 2, actorKinds.contains(parts[0]) { return [.actorKind(parts[0]), .actor(parts[1])] }
    if let id = ID<Staff>(text) { return [.actor(id.description)] }
    let found = try await ledger.staff(called: text)
    guard let person = found.first else {
      throw FieldError(
        actor, "Nobody at Ethico has this name or e-mail address. A part of the program is written as system:worker.")
    }
    guard found.count == 1 else {
      throw FieldError(actor, "Several people have this name. Write the e-mail address.")
    }
    return [.actor(person.description)]
  }

  private static func tenant(_ text: String, _ ledger: Ledger) async throws -> ID<Tenant>? {
    if let id = ID<Tenant>(text) { return id.uuid == Chain.platform ? nil : id }
    if let tenant = try await ledger.tenant(named: text) { return tenant.id }
    guard text == "platform" else {
      throw FieldError(
        tenant, "No client has this name in its address. Write it as acme-health, or platform for what is no client’s.")
    }
    return nil
  }

  private static func action(_ text: String) throws -> TrailCondition {
    let isPlain = text.allSatisfy { letters.contains($0) || $0.isASCII && $0.isNumber || $0 == "_" || $0 == "." }
    guard isPlain, !text.hasPrefix(".") else {
      throw FieldError(action, "Write an action as case.assign, or case. for all that begin so.")
    }
    guard text.contains(".") else { return .actions(prefix: text + ".") }
    return text.hasSuffix(".") ? .actions(prefix: text) : .action(text)
  }

  private func id<Subject>(_ text: String) throws -> ID<Subject> {
    try demand(ID<Subject>(text), "Write the whole id, as a step’s details show it.")
  }

  private func word(_ text: String, of allowed: String, _ message: String) throws -> String {
    try demand(text.allSatisfy(allowed.contains) ? text : nil, message)
  }

  private func demand<Value>(_ value: Value?, _ message: String) throws -> Value {
    guard let value else { throw FieldError(self, message) }
    return value
  }
}

extension FieldError {
  init(_ field: TrailField, _ message: String) {
    self.init(field.rawValue, message)
  }
}

// What somebody asks of the trail: as it was typed, and as it is understood.

import Access
import EthicoTypes
import FoundationEssentials
import Web

/// The filters of a trail as they were typed, and what they mean. Nothing typed is lost where something is wrong.
struct TrailForm: Sendable {
  /// The fields that say something, in their order.
  let typed: [(field: TrailField, text: String)]
  let only: TrailQuery.Only?
  private(set) var conditions: [TrailCondition] = []
  private(set) var asked = TrailSpan()
  private(set) var errors: [FieldError] = []

  /// - Parameter offered: the fields that this page has.
  init(_ offered: [TrailField], _ context: some GuardedContext) async throws {
    typed = offered.compactMap { field in context.query(field.rawValue).map { (field, $0) } }
    only = context.query("only").flatMap(TrailQuery.Only.init(rawValue:))
    for (field, text) in typed {
      do {
        if let error = Self.flaw(field, text) { throw error }
        conditions += try await field.conditions(text, context.ledger)
      } catch let error as FieldError {
        errors.append(error)
      }
    }
    readDays(context.frame.face)
  }

  /// The same form, refused for what the database says.
  func refused(_ error: FieldError) -> TrailForm {
    var form = self
    form.errors.append(error)
    return form
  }

  private static func flaw(_ field: TrailField, _ text: String) -> FieldError? {
    if text.contains(where: \.isControl) { return FieldError(field, "Write it on one line.") }
    return FieldError(tooLong: text, field.rawValue, "A filter", limit: TrailField.limit)
  }

  /// Days are the viewer's, and the last one counts whole.
  private mutating func readDays(_ face: ClockFace) {
    func read(_ field: TrailField, _ moment: (String) -> Date?) -> Date? {
      guard let text = self[field], !errors.contains(where: { $0.field == field.rawValue }) else { return nil }
      let found = moment(text)
      if found == nil { errors.append(FieldError(field, "Choose a day, as 2026-03-02.")) }
      return found
    }
    asked = TrailSpan(from: read(.from, face.start(ofDay:)), until: read(.to, face.end(ofDay:)))
    if let from = asked.from, let until = asked.until, from >= until {
      errors.append(FieldError(.to, "This day is before the first one."))
    }
  }

  subscript(field: TrailField) -> String? {
    typed.first { $0.field == field }?.text
  }

  /// The filters as parameters of the address, without the position.
  var parameters: [(name: String, value: String)] {
    kept + typed.map { ($0.field.rawValue, $0.text) }
  }

  /// What the form does not show as a field of its own.
  var kept: [(name: String, value: String)] {
    only.map { [("only", $0.rawValue)] } ?? []
  }

  /// The parameters with that narrowing instead.
  func parameters(only: TrailQuery.Only?) -> [(name: String, value: String)] {
    (only.map { [("only", $0.rawValue)] } ?? []) + typed.map { ($0.field.rawValue, $0.text) }
  }

  var isFiltered: Bool { only != nil || !typed.isEmpty }
}

extension TrailQuery {
  /// The question of a form without errors, at the place in the list that the address says.
  init(_ scope: Scope, _ form: TrailForm, _ context: some GuardedContext) throws {
    self.init(
      scope, only: form.only, conditions: form.conditions, asked: form.asked,
      limit: context.query("limit") == nil ? 100 : context.limit)
    guard let text = context.query("after") else { return }
    let parts = try CursorText.read(text, count: 2, fingerprint: fingerprint)
    guard let id = ID<AuditEvent>(parts[1]) else { throw Problem.badCursor }
    after = Cursor(at: try CursorDate.read(parts[0]), id: id)
  }

  var fingerprint: String {
    "\(scope)|\(only?.rawValue ?? "")|\(conditions)|\(asked)"
  }
}

extension TrailPage {
  func nextText(_ query: TrailQuery) -> String? {
    next.map { CursorText.make([CursorDate.text($0.at), $0.id.description], fingerprint: query.fingerprint) }
  }
}

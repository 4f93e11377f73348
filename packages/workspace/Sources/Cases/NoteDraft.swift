// A note on a case as somebody wants it, checked.

import EthicoTypes
import Web

/// A note as somebody wants it, checked. Whether it may be private, the case knows.
struct NoteDraft: Sendable, Hashable {
  let body: String
  let visibility: NoteVisibility

  static let bodyLimit = 10_000

  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields) throws {
    var errors: [FieldError] = []
    body = fields["body"] ?? ""
    if body.isEmpty { errors.append(FieldError("body", "Write something first.")) }
    if let error = FieldError(tooLong: body, "body", "A note", limit: Self.bodyLimit) { errors.append(error) }
    let visibility = fields["visibility"].flatMap(NoteVisibility.init(rawValue:))
    if visibility == nil { errors.append(FieldError("visibility", "Choose who may read the note.")) }
    guard errors.isEmpty, let visibility else { throw Invalid(errors) }
    self.visibility = visibility
  }
}

// What the forms of a client's move say, checked, and how its refusals are told.

import EthicoTypes
import FoundationEssentials
import HTTPTypes
package import Migration
package import Web

extension ScopeDraft {
  /// Reads the checklist.
  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields) throws {
    let choices = fields.all("choice[]").compactMap(ImportChoice.init(rawValue:))
    let decidedBy = fields.given("decided_by") ?? ""
    let errors = [
      choices.isEmpty ? FieldError("choice", "Choose at least one kind of data.") : nil,
      decidedBy.isEmpty ? FieldError("decided_by", "Say who at the client decided this.") : nil,
      FieldError(tooLong: decidedBy, "decided_by", "A name", limit: Self.decidedByLimit),
    ].compactMap(\.self)
    guard errors.isEmpty else { throw Invalid(errors) }
    self.init(choices: choices, decidedBy: decidedBy)
  }
}

extension FormState {
  /// The checklist as it was decided.
  init(_ project: MigrationProject?) {
    guard let project else {
      self.init()
      return
    }
    self.init(project.choices.map { ("choice[]", $0.rawValue) } + [("decided_by", project.decidedBy ?? "")])
  }
}

extension ProjectRefusal: Refusal {
  package var setback: Setback {
    switch self {
    case .stale(let now):
      Setback(
        .conflict, "stale", "The move was changed while you worked on it.",
        "Nothing of yours was saved. What comes over is now \(now.choices.map(\.label).joined(separator: ", ")), decided "
          + "by \(now.decidedBy ?? "nobody"); what you chose is still in the form.")
    case .committed(let choice, let records):
      Setback(
        .conflict, "records_imported", "\(choice.label) cannot be left out: \(grouped(records)) came over already.",
        "Nothing was changed. Undo those imports first, then take them off the list.")
    case .badTransition(let now, let next):
      Setback(
        .conflict, "illegal_transition",
        "A move that is \(now.state.label.lowercased()) cannot become "
          + "\(next.label.lowercased()).", "Nothing was changed.")
    case .tenantClosed:
      Setback(
        .conflict, "tenant_closed", "This client has left us.", "Nothing comes over into a workspace that is shut.")
    }
  }
}

extension FileRefusal: Refusal {
  package var setback: Setback {
    switch self {
    case .known(let there):
      Setback(
        .conflict, "file_known", "This very file is here already, as “\(there.name)”.",
        "Nothing was uploaded. Go on with the one below; to read it anew, delete it there first.")
    case .noKey:
      Setback(
        .serviceUnavailable, "no_file_key", "This console cannot take files yet.",
        "Whoever operates it has to set OPS_FILE_KEY, the key that clients’ files are sealed with.")
    case .noProject:
      Setback(
        .conflict, "no_project", "First choose what comes over.", "Nothing was uploaded.")
    case .used(let file):
      Setback(
        .conflict, "file_used", "Records came from “\(file.name)”.",
        "It was not deleted. Undo their import first; the file itself goes some time after the client has signed off.")
    }
  }
}

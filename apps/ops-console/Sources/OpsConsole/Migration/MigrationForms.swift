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
      .stale(
        "The move",
        advice: "Nothing of yours was saved. What comes over is now "
          + "\(now.choices.map(\.label).joined(separator: ", ")), decided by \(now.decidedBy ?? "nobody"); "
          + "what you chose is still in the form.")
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

extension SourceFileRecord {
  /// Where its panel stands on the page of its move.
  var place: String { "file-\(id)" }
}

extension FileRefusal: Refusal {
  package var setback: Setback {
    switch self {
    case .known(let there):
      Setback(
        .conflict, "file_known", "This very file is here already, as “\(there.name)”.",
        "Nothing was uploaded. Go on with its batch below, or make a new one of it where none is on its way.",
        place: Setback.Place(there.place, "Show the file"))
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
        "It was not deleted: their import is reckoned by its rows, and an undo of it can be taken back. The file goes "
          + "some time after the client has signed off. To import it again, make a new batch of it.")
    case .open(let file):
      Setback(
        .conflict, "file_open", "A batch of “\(file.name)” is on its way.",
        "Nothing was changed. Go on with that one, or cancel it first.",
        place: Setback.Place(file.place, "Show the file"))
    case .unreadable(let file):
      Setback(
        .conflict, "file_unreadable", "Nothing can be made of “\(file.name)”.",
        "It could not be read, or its bytes were removed. Bring it again.")
    }
  }
}

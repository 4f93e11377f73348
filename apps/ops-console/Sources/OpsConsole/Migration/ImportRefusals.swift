// How the refusals of an import and of an undo are told.

import EthicoTypes
import HTTPTypes
package import Migration
package import Web

extension ImportRefusal: Refusal {
  package var setback: Setback {
    switch self {
    case .missing: Setback(.notFound, "not_found", "There is no such batch.", "It may have been deleted with its file.")
    case .illegalTransition(let state):
      Setback(
        .conflict, "illegal_transition", "The batch is \(state.label.lowercased()): that cannot follow.",
        "Nothing was changed. The page shows how it stands now.")
    case .busy:
      Setback(
        .conflict, "busy", "Another batch of the same kind of record is being imported at this client.",
        "Nothing was changed. Wait until it is done.")
    case .undecided:
      Setback(.conflict, "not_ready", "Its rows have not been checked.", "Check the rows first.")
    case .awaits(let batches):
      Setback(
        .conflict, "awaits_batch", "Its rows refer to records that have not been imported yet.",
        "Nothing was changed. Import first: \(batches.joined(separator: ", ")).")
    }
  }
}

extension UndoRefusal: Refusal {
  package var setback: Setback {
    switch self {
    case .missing: Setback(.notFound, "not_found", "There is nothing of that kind to undo.", "Nothing was changed.")
    case .illegalTransition(let state):
      Setback(
        .conflict, "illegal_transition", "The batch is \(state.label.lowercased()): there is nothing to undo.",
        "Nothing was changed.")
    case .busy:
      Setback(.conflict, "busy", "Another undo of this batch is on its way.", "Wait until it is done.")
    case .reasonMissing:
      Setback(
        .unprocessableContent, "invalid", "Say why in at least ten characters.", "Nothing was undone.",
        errors: [
          FieldError("reason", "What takes along more than the import’s own says why, in at least 10 characters.")
        ])
    case .tooMany(let count):
      Setback(.conflict, "too_many", "\(grouped(count)) records are more than one step takes.", "Nothing was undone.")
    }
  }
}

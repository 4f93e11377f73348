// What an undo is about, what it says before it acts, and what it says after.

import Access
package import EthicoTypes
package import Mapping
import Postgres

/// One undo, or the reversal of one.
package enum MigrationUndo {}

/// In which of eight states a record meets an undo; the first that holds counts.
package enum UndoBucket: String, Term {
  case gone, held, superseded
  case blockedNative = "blocked_native"
  case edited
  case needsCascade = "needs_cascade"
  case clean, errored
}

/// What an undo may take along although it is not the import's alone, and what it leaves where it is.
package struct UndoOptions: Sendable, Hashable {
  /// Rows of the client's own that hang on what is to go.
  package var includeBlocked: Bool
  /// Records that were changed here since.
  package var includeEdited: Bool
  /// Whether later imports stay, and only what this one changed goes, from under them. Else they go first.
  package var keepsLater: Bool
  package var reason: String?

  /// Takes nothing along.
  package static let careful = UndoOptions(includeBlocked: false, includeEdited: false, reason: nil)

  package init(includeBlocked: Bool, includeEdited: Bool, keepsLater: Bool = false, reason: String?) {
    self.includeBlocked = includeBlocked
    self.includeEdited = includeEdited
    self.keepsLater = keepsLater
    self.reason = reason
  }

  static let reasonCharacters = 10

  func demandReason() throws(UndoRefusal) {
    guard includeBlocked || includeEdited else { return }
    guard let reason, reason.count >= Self.reasonCharacters else { throw .reasonMissing }
  }
}

/// Why an undo is not begun.
package enum UndoRefusal: Error, Sendable, Hashable {
  /// This client has no such batch, or no such undo.
  case missing
  /// The batch stands where nothing can be undone.
  case illegalTransition(from: BatchState)
  /// Another undo of this batch is on its way.
  case busy
  /// What takes along more than the import's own says why, in at least ten characters.
  case reasonMissing
  /// More records than one transaction takes: order it as a job.
  case tooMany(Int)
}

/// A record with its bucket, as a preview shows it.
package struct UndoVerdict: Sendable, Hashable {
  package let record: ID<ImportedRecord>
  package let rowNumber: Int
  package let key: String
  package let bucket: UndoBucket
  /// Everything that was found, each as `bucket: what`.
  package let reasons: [String]
  /// Whether the undo would act on it with the options asked for.
  package let acts: Bool
}

/// What an undo would do, without doing it.
package struct UndoPlan: Sendable, Hashable {
  package let counts: [UndoBucket: Int]
  /// How many of the records asked for it would act on.
  package let acting: Int
  /// How many more would go with those, because they hang on one of them.
  package let along: Int
  /// What those are, by the batch that they came with; the largest fifty.
  package let hanging: [UndoHanging]
  /// How many records it is about that were not looked at: of a large batch some are, from all over it.
  package let unseen: Int
  package let leaves: UndoLeaves
  /// Up to ten records a bucket.
  package let samples: [UndoVerdict]

  /// How many records were looked at.
  package var looked: Int { counts.values.reduce(0, +) }
  package var total: Int { looked + unseen }
}

/// Records of one batch that go although nobody asked for them.
package struct UndoHanging: Sendable, Hashable {
  package let batch: ID<Batch>
  package let entity: ImportEntity
  /// Of the file, with its table where it has several.
  package let source: String
  package let records: Int
}

/// How many records an undo takes only where somebody says so, whatever bucket they are in for another reason.
package struct UndoLeaves: Sendable, Hashable {
  /// A client's own rows hang on them.
  package let blocked: Int
  /// They were changed here since.
  package let edited: Int
}

/// What an undo came to.
package struct UndoOutcome: Sendable, Hashable {
  package let undo: ID<MigrationUndo>
  package let done: Int
  package let kept: Int
  package let buckets: [UndoBucket: Int]

  /// In words, honestly: where nothing was undone it says so.
  package var sentence: String {
    let act = done == 0 ? "Nothing undone." : done == 1 ? "1 record undone." : "\(done) records undone."
    return kept == 0 ? act : "\(act) \(kept) kept."
  }
}

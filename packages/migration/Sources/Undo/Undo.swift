// What an undo is about, what it says before it acts, and what it says after.

public import Access
public import EthicoTypes
public import Postgres

/// One undo, or the reversal of one.
public enum MigrationUndo {}

/// In which of eight states a record meets an undo; the first that holds counts.
public enum UndoBucket: String, Term {
  case gone, held, superseded
  case blockedNative = "blocked_native"
  case edited
  case needsCascade = "needs_cascade"
  case clean, errored

  /// The first counts.
  var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

/// What an undo may take along although it is not the import's alone.
public struct UndoOptions: Sendable, Hashable, Codable {
  /// Rows of the client's own that hang on what is to go.
  public var includeBlocked: Bool
  /// Records that were changed here since.
  public var includeEdited: Bool
  public var reason: String?

  /// Takes nothing along.
  public static let careful = UndoOptions(includeBlocked: false, includeEdited: false, reason: nil)

  public init(includeBlocked: Bool, includeEdited: Bool, reason: String?) {
    self.includeBlocked = includeBlocked
    self.includeEdited = includeEdited
    self.reason = reason
  }

  static let reasonCharacters = 10

  func demandReason() throws(UndoRefusal) {
    guard includeBlocked || includeEdited else { return }
    guard let reason, reason.count >= Self.reasonCharacters else { throw .reasonMissing }
  }
}

/// Why an undo is not begun.
public enum UndoRefusal: Error, Sendable, Hashable {
  /// This client has no such batch, or no such undo.
  case missing
  /// The batch stands where nothing can be undone.
  case illegalTransition(from: ImportBatchState)
  /// Another undo of this batch is on its way.
  case busy
  /// What takes along more than the import's own says why, in at least ten characters.
  case reasonMissing
  /// More records than one transaction takes: order it as a job.
  case tooMany(Int)
}

/// A record with its bucket, as a preview shows it.
public struct UndoVerdict: Sendable, Hashable {
  public let record: ID<ImportedRecord>
  public let rowNumber: Int
  public let key: String
  public let bucket: UndoBucket
  /// Everything that was found, each as `bucket: what`.
  public let reasons: [String]
  /// Whether the undo would act on it with the options asked for.
  public let acts: Bool
}

/// What an undo would do, without doing it.
public struct UndoPlan: Sendable, Hashable {
  public let counts: [UndoBucket: Int]
  /// How many records it would act on.
  public let acting: Int
  /// Up to ten records a bucket.
  public let samples: [UndoVerdict]

  public var total: Int { counts.values.reduce(0, +) }
}

/// What an undo came to.
public struct UndoOutcome: Sendable, Hashable {
  public let undo: ID<MigrationUndo>
  public let done: Int
  public let kept: Int
  public let buckets: [UndoBucket: Int]

  /// In words, honestly: where nothing was undone it says so.
  public var sentence: String {
    let act = done == 0 ? "Nothing undone." : done == 1 ? "1 record undone." : "\(done) records undone."
    return kept == 0 ? act : "\(act) \(kept) kept."
  }
}

// What can be wrong with a row or with a batch: a word for programs, how much it weighs, and what to do about it.

import EthicoTypes
import SourceFiles

/// Something about one cell of a row, or about the row.
package struct RowIssue: Sendable, Hashable {
  package let code: IssueCode
  /// The column, from 0; `nil` when the row as a whole is meant.
  package let position: Int?
  /// What stood there, unless it must not be repeated.
  package let value: String?

  init(_ code: IssueCode, at position: Int? = nil, value: String? = nil) {
    self.code = code
    self.position = position
    self.value = value.map { String($0.prefix(Self.valueLimit)) }
  }

  /// The longest value that is repeated, in characters.
  static let valueLimit = 200
}

/// How much an issue weighs.
package enum IssueLevel: String, Term {
  /// The row does not come over, or the batch does not.
  case blocker
  /// Somebody has to take note of it.
  case warning
  case info
}

/// The rules of validation.
package enum IssueCode: String, Term {
  // Of the batch.
  case mappingUnreviewed = "mapping.unreviewed"
  case requiredUnmapped = "required_field.unmapped"
  case orderAmbiguous = "date.order_ambiguous"
  case mixedOrder = "date.mixed_order"
  case separatorAmbiguous = "number.separator_ambiguous"
  case enumUndecided = "enum.undecided"
  // Of a row, which stays behind.
  case requiredMissing = "required.missing"
  case keyMissing = "key.missing"
  case keyDuplicate = "key.duplicate_in_file"
  case dateUnparsable = "date.unparsable"
  case dateOutOfRange = "date.out_of_range"
  case numberUnparsable = "number.unparsable"
  case numberOutOfRange = "number.out_of_range"
  case noAddress = "email.unreadable"
  case textTooLong = "text.too_long"
  case enumRejected = "enum.rejected"
  case refUnresolved = "ref.unresolved"
  case rowRagged = "row.ragged"
  case anonymityIdentity = "anonymity.identity"
  case missingFile = "attachment.missing_file"
  case hashMismatch = "attachment.hash_mismatch"
  case fileDamaged = "attachment.damaged"
  case fileSize = "attachment.size"
  case fileKind = "attachment.kind"
  case publishedWithoutDate = "policy.published_without_date"
  case completedWithoutDate = "attestation.completed_without_date"
  case refusedByDatabase = "commit.refused"
  // To be taken note of.
  case closedBeforeReceived = "order.closed_before_received"
  case incidentAfterReceived = "order.incident_after_received"
  case refPlaceholder = "ref.placeholder"
  case nativeExists = "key.native_exists"
  case caseWithoutLead = "case.no_lead"
  case replacedBytes = "cell.replaced_bytes"
  case precisionLost = "xlsx.precision_lost"
  case scientificNotation = "id.scientific_notation"
  case orphan = "attachment.orphan"
  case policyFile = "policy.file_left_out"
  case identityInNarrative = "text.identity_in_narrative"
  case orderConvention = "date.order_convention"
  case duplicateKey = "json.duplicate_key"
  case unclosedQuote = "row.quote_unclosed"
  // For information.
  case assumedAnonymous = "reporter_type.assumed_anonymous"
  case formulaValue = "xlsx.formula_value"
  case dstShifted = "dst.shifted"
  case footerSkipped = "footer.skipped"
  case nullToken = "null_token"
  case textFormula = "text.formula_unwrapped"

  package var level: IssueLevel {
    switch self {
    case .mappingUnreviewed, .requiredUnmapped, .orderAmbiguous, .mixedOrder, .separatorAmbiguous, .enumUndecided,
      .requiredMissing, .keyMissing, .keyDuplicate, .dateUnparsable, .dateOutOfRange, .numberUnparsable,
      .numberOutOfRange, .noAddress, .textTooLong, .enumRejected, .refUnresolved, .rowRagged, .anonymityIdentity,
      .missingFile, .hashMismatch, .fileDamaged, .fileSize, .fileKind, .publishedWithoutDate, .completedWithoutDate,
      .refusedByDatabase:
      .blocker
    case .closedBeforeReceived, .incidentAfterReceived, .refPlaceholder, .nativeExists, .caseWithoutLead,
      .replacedBytes, .precisionLost, .scientificNotation, .orphan, .policyFile, .identityInNarrative,
      .orderConvention, .duplicateKey, .unclosedQuote:
      .warning
    case .assumedAnonymous, .formulaValue, .dstShifted, .footerSkipped, .nullToken, .textFormula: .info
    }
  }

  /// Whether it stands in the way of the whole batch, not of its row alone.
  package var isOfBatch: Bool {
    switch self {
    case .mappingUnreviewed, .requiredUnmapped, .orderAmbiguous, .mixedOrder, .separatorAmbiguous, .enumUndecided: true
    default: false
    }
  }
}

extension IssueCode {
  /// What the reader of the file found in a cell.
  init(_ code: CellProblem.Code) {
    switch code {
    case .textTooLong: self = .textTooLong
    case .rowRagged, .unreadableRow: self = .rowRagged
    case .replacedBytes: self = .replacedBytes
    case .precisionLost: self = .precisionLost
    case .formulaValue: self = .formulaValue
    case .scientificNotation: self = .scientificNotation
    case .unparsableDate: self = .dateUnparsable
    case .textFormula: self = .textFormula
    case .unclosedQuote: self = .unclosedQuote
    case .duplicateKey: self = .duplicateKey
    }
  }
}

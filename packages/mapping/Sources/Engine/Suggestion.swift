// What the engine answers: for each column a field, how sure that is, what else it could be, and why.

/// How sure a suggestion is.
package enum MappingBand: String, Codable, Hashable, Sendable {
  case high, low, unmapped
}

/// Why a field is suggested, or is not.
package struct Reason: Codable, Hashable, Sendable {
  package let code: Code
  /// For people: `"Case #" is a known name of Case number`.
  package let text: String
  package let weight: Double

  /// The kinds of reason.
  package enum Code: String, Codable, CaseIterable, Hashable, Sendable {
    case exact, synonym
    case tokenOverlap = "token_overlap"
    case abbreviation
    case vendorProfile = "vendor_profile"
    case tenantMemory = "tenant_memory"
    case vendorVotes = "vendor_votes"
    case valueType = "value_type"
    case enumValues = "enum_values"
    case uniqueIDs = "unique_ids"
    case neighbour
    case takenBy = "taken_by"
    case veto, llm
    case noEvidence = "no_evidence"
  }

  package init(code: Code, text: String, weight: Double) {
    self.code = code
    self.text = text
    self.weight = weight
  }
}

/// A field with its probability.
package struct RankedTarget: Codable, Hashable, Sendable {
  package let target: String
  package let score: Double
}

/// What is suggested for one column.
package struct ColumnSuggestion: Codable, Hashable, Sendable {
  /// The column's name as the file's key.
  package let name: String
  package let index: Int
  /// `nil` exactly when the band is `unmapped`.
  package let target: String?
  package let band: MappingBand
  /// The probability of `target`; without one, of the best candidate.
  package let score: Double
  /// At most five, the most likely first.
  package let ranked: [RankedTarget]
  /// One to four, the weightiest first.
  package let reasons: [Reason]
}

/// What is suggested for a table.
package struct Suggestion: Codable, Hashable, Sendable {
  package let entity: EntityVerdict
  package let vendor: VendorVerdict
  package let model: Model
  /// In the order of the file.
  package let columns: [ColumnSuggestion]

  /// Which entity the table holds.
  package struct EntityVerdict: Codable, Hashable, Sendable {
    /// What was asked for: an entity, or `auto`.
    package let requested: String
    package let value: ImportEntity
    package let score: Double
    package let ranked: [RankedEntity]
  }

  /// An entity with its probability.
  package struct RankedEntity: Codable, Hashable, Sendable {
    package let entity: ImportEntity
    package let score: Double
  }

  /// Which system the table most likely comes from.
  package struct VendorVerdict: Codable, Hashable, Sendable {
    package let value: String?
    package let score: Double
  }

  /// Which model said so.
  package struct Model: Codable, Hashable, Sendable {
    package let version: String
    package let sha256: String
    package let thresholds: MappingThresholds
  }
}

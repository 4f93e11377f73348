// What the engine answers: for each column a field, how sure that is, what else it could be, and why.

/// How sure a suggestion is.
public enum MappingBand: String, Codable, Hashable, Sendable {
  case high, low, unmapped
}

/// Why a field is suggested, or is not.
public struct Reason: Codable, Hashable, Sendable {
  public let code: Code
  /// For people: `"Case #" is a known name of Case number`.
  public let text: String
  public let weight: Double

  /// The kinds of reason.
  public enum Code: String, Codable, CaseIterable, Hashable, Sendable {
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
    case dateOrder = "date_order"
    case takenBy = "taken_by"
    case veto, llm
    case noEvidence = "no_evidence"
  }

  public init(code: Code, text: String, weight: Double) {
    self.code = code
    self.text = text
    self.weight = weight
  }
}

/// A field with its probability.
public struct RankedTarget: Codable, Hashable, Sendable {
  public let target: String
  public let score: Double
}

/// What is suggested for one column.
public struct ColumnSuggestion: Codable, Hashable, Sendable {
  /// The column's name as the file's key.
  public let name: String
  public let index: Int
  /// `nil` exactly when the band is `unmapped`.
  public let target: String?
  public let band: MappingBand
  /// The probability of `target`; without one, of the best candidate.
  public let score: Double
  /// At most five, the most likely first.
  public let ranked: [RankedTarget]
  /// One to four, the weightiest first.
  public let reasons: [Reason]
}

/// What is suggested for a table.
public struct Suggestion: Codable, Hashable, Sendable {
  public let entity: EntityVerdict
  public let vendor: VendorVerdict
  public let model: Model
  /// In the order of the file.
  public let columns: [ColumnSuggestion]

  /// Which entity the table holds.
  public struct EntityVerdict: Codable, Hashable, Sendable {
    /// What was asked for: an entity, or `auto`.
    public let requested: String
    public let value: ImportEntity
    public let score: Double
    public let ranked: [RankedEntity]
  }

  /// An entity with its probability.
  public struct RankedEntity: Codable, Hashable, Sendable {
    public let entity: ImportEntity
    public let score: Double
  }

  /// Which system the table most likely comes from.
  public struct VendorVerdict: Codable, Hashable, Sendable {
    public let value: String?
    public let score: Double
  }

  /// Which model said so.
  public struct Model: Codable, Hashable, Sendable {
    public let version: String
    public let sha256: String
    public let thresholds: MappingThresholds
  }

  /// Requirements of the entity that no suggested column meets, each as the fields that would.
  public var requiredMissing: [[String]] {
    let given = Set(columns.compactMap(\.target))
    return TargetSchema.requirements(of: entity.value)
      .filter { $0.condition == nil && given.isDisjoint(with: $0.anyOf) }.map(\.anyOf)
  }
}

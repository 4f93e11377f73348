// One field a source's column can become: its name, what its values have to be, and what it points to.

/// What the values of a field have to be.
package enum ValueKind: Hashable, Sendable {
  /// Text of at most so many characters.
  case text(limit: Int)
  /// Text of at most 1 MiB.
  case longText
  case timestamp
  case date
  /// One of these words, as they are stored.
  case enumeration([String])
  case boolean
  case number(ClosedRange<Double>?)
  /// An amount with two decimals, at most 18 digits.
  case money

  /// The kind in one word, as `mapping schema` prints it.
  package var name: String {
    switch self {
    case .text: "text"
    case .longText: "long_text"
    case .timestamp: "timestamp"
    case .date: "date"
    case .enumeration: "enumeration"
    case .boolean: "boolean"
    case .number: "number"
    case .money: "money"
    }
  }
}

/// A standard that the texts of a field follow.
package enum ValueStandard: String, Codable, Hashable, Sendable {
  /// ISO 3166-1.
  case country
  /// BCP 47.
  case language
  /// ISO 4217.
  case currency
  case email, phone, ip, url, digest
  case mediaType = "media_type"
}

/// What a reference points to, and by which facet of it.
package enum TargetReference: Hashable, Sendable {
  case person(PersonFacet)
  case policy(PolicyFacet)
  /// By case number.
  case incident

  /// What names a person in a source.
  package enum PersonFacet: String, CaseIterable, Hashable, Sendable {
    case employeeID = "employee_id"
    case email, name
  }

  /// What names a policy in a source.
  package enum PolicyFacet: String, CaseIterable, Hashable, Sendable {
    case number, title
  }
}

/// One field of an entity. A name with `[n]` stands for nine numbered fields, each column its own.
package struct TargetField: Hashable, Sendable {
  /// As files and pages name it: `case_number`, `owner.employee_id`, `notes[n].body`.
  package let name: String
  /// As a page shows it: `Case number`.
  package let label: String
  package let kind: ValueKind
  package let standard: ValueStandard?
  package let reference: TargetReference?
  /// Needed by every record; for the facets of a reference see `TargetSchema.requirements(of:)`.
  package let isRequired: Bool
  /// A cell may hold several values, and several columns may become this field.
  package let isList: Bool
  /// Typed in `imported_fields` and shown under "From {source}" alone.
  package let isTypedInImportedFields: Bool
  /// What holds where no column and no constant is given.
  package let defaultValue: String?

  /// Whether up to nine columns may become this field, each with a number of its own.
  package var isNumbered: Bool { name.utf8.contains(UInt8(ascii: "[")) }

  /// Whether more than one column may become this field.
  package var isRepeatable: Bool { isList || isNumbered }

  /// The reference without its facet: `owner` of `owner.email`; else the name.
  package var stem: String {
    guard reference != nil, let dot = name.lastIndex(of: ".") else { return name }
    return String(name[..<dot])
  }
}

/// Something a mapping has to offer before it can be staged.
package struct TargetRequirement: Hashable, Sendable {
  /// One of these fields has to come from a column or a constant.
  package let anyOf: [String]
  /// Only for rows where this field has this value.
  package let condition: Condition?

  /// A value that makes something else required.
  package struct Condition: Hashable, Sendable {
    package let field: String
    package let value: String
    /// The issue of a row that lacks it.
    package let code: String
  }
}

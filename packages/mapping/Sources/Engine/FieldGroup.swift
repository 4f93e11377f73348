// Fields that want the same sort of value learn together what that looks like.

/// What the values of a field are like.
enum FieldGroup: String, CaseIterable, Sendable {
  case key, personKey, personEmail, personName, timestamp, date, enumeration, boolean, number, money, longText
  case country, language, currency, email, phone, ip, url, digest, mediaType, fileName, text, label

  init(_ field: TargetField) {
    if case .person(let facet)? = field.reference {
      switch facet {
      case .employeeID: self = .personKey
      case .email: self = .personEmail
      case .name: self = .personName
      }
      return
    }
    if let standard = field.standard {
      switch standard {
      case .country: self = .country
      case .language: self = .language
      case .currency: self = .currency
      case .email: self = .email
      case .phone: self = .phone
      case .ip: self = .ip
      case .url: self = .url
      case .digest: self = .digest
      case .mediaType: self = .mediaType
      }
      return
    }
    switch field.kind {
    case .timestamp: self = .timestamp
    case .date: self = .date
    case .enumeration: self = .enumeration
    case .boolean: self = .boolean
    case .number: self = .number
    case .money: self = .money
    case .longText: self = .longText
    case .text: self = Self.text(field.name)
    }
  }

  private static func text(_ name: String) -> FieldGroup {
    switch name {
    case "employee_id": .personKey
    case "case_number", "report_reference", "policy_number", "disclosure_number", "attachment_key", "event_key",
      "parent_key", "policy.number", "supersedes.number", "related_cases", "related_case":
      .key
    case "first_name", "last_name", "display_name", "reporter_name", "parties[n].name", "notes[n].author",
      "counterparty_name":
      .personName
    case "file_name", "path", "body_file": .fileName
    case "title", "policy.title", "supersedes.title", "action_label", "answers[n].question", "answers[n].answer",
      "campaign_name":
      .label
    default: .text
    }
  }

  /// The kinds that cells of such a field should have.
  var expected: [CellKind] {
    switch self {
    case .key: [.identifier, .integer, .uuid]
    case .personKey: [.identifier, .integer]
    case .personEmail, .email: [.email]
    case .personName: [.personName]
    case .timestamp, .date: [.date]
    case .enumeration, .text, .label: []
    case .boolean: [.boolean]
    case .number: [.number]
    case .money: [.number]
    case .longText: [.longText, .markup]
    case .country: [.country]
    case .language: [.language]
    case .currency: [.currency]
    case .phone: [.phone]
    case .ip: [.ip]
    case .url: [.url]
    case .digest: [.digest]
    case .mediaType: [.mediaType]
    case .fileName: [.fileName, .path, .url]
    }
  }
}

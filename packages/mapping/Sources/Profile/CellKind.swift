// What a single cell looks like: found once for each distinct text, by looking at its bytes.

/// What a cell's text may be. A cell has every kind that fits it: a year is a whole number too.
package enum CellKind: String, CaseIterable, Codable, CodingKeyRepresentable, Hashable, Sendable {
  /// A day, with or without a time.
  case date
  /// A day with a time.
  case timestamp
  case integer, number
  /// A number with a currency beside it.
  case money
  case boolean
  case currency, country, language
  case email, phone
  /// Two to four words that read as somebody's name.
  case personName = "person_name"
  /// One word that is a given name.
  case givenName = "given_name"
  case city
  /// A short text of letters and digits, as numbers of records are.
  case identifier
  case uuid, url, ip, digest
  case fileName = "file_name"
  case path
  case mediaType = "media_type"
  /// One word.
  case word
  /// More than 80 characters or 12 words.
  case longText = "long_text"
  case markup
  /// Several values with a separator between them.
  case list
}

/// The kinds of one cell.
package struct CellKinds: OptionSet, Hashable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  package init(_ kind: CellKind) {
    rawValue = 1 << UInt32(Self.position[kind] ?? 31)
  }

  private static let position: [CellKind: Int] = Dictionary(
    uniqueKeysWithValues: CellKind.allCases.enumerated().map { ($1, $0) })

  static let date = CellKinds(.date)
  static let timestamp = CellKinds(.timestamp)
  static let integer = CellKinds(.integer)
  static let number = CellKinds(.number)
  static let money = CellKinds(.money)
  static let boolean = CellKinds(.boolean)
  static let currency = CellKinds(.currency)
  static let country = CellKinds(.country)
  static let language = CellKinds(.language)
  static let email = CellKinds(.email)
  static let phone = CellKinds(.phone)
  static let personName = CellKinds(.personName)
  static let givenName = CellKinds(.givenName)
  static let city = CellKinds(.city)
  static let identifier = CellKinds(.identifier)
  static let uuid = CellKinds(.uuid)
  static let url = CellKinds(.url)
  static let ip = CellKinds(.ip)
  static let digest = CellKinds(.digest)
  static let fileName = CellKinds(.fileName)
  static let path = CellKinds(.path)
  static let mediaType = CellKinds(.mediaType)
  static let word = CellKinds(.word)
  static let longText = CellKinds(.longText)
  static let markup = CellKinds(.markup)
  static let list = CellKinds(.list)
}

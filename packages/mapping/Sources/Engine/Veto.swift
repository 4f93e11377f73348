// What no probability outweighs: a suggestion against it is at most one to look at.

/// Why a suggestion cannot be sure.
enum Veto: Sendable {
  /// The values are of another type, said for people.
  case type(String)
  case empty
  case reporterIdentity

  var text: String {
    switch self {
    case .type(let what): "its values are not \(what)"
    case .empty: "the column is empty"
    case .reporterIdentity: "it says who reported, which a person has to confirm"
    }
  }

  /// The veto against a column becoming a field, if there is one.
  static func against(_ column: ColumnProfile, _ field: TargetField, of entity: ImportEntity) -> Veto? {
    if entity == .case, ["reporter_name", "reporter_email", "reporter_phone"].contains(field.name) {
      return .reporterIdentity
    }
    if column.rows > 0, column.filled == 0 { return .empty }
    guard column.filled > 0 else { return nil }
    return contradiction(column, field).map(Veto.type)
  }

  private static func contradiction(_ column: ColumnProfile, _ field: TargetField) -> String? {
    switch FieldGroup(field) {
    case .timestamp, .date: return isDated(column) ? nil : "dates"
    case .number, .money: return column.share(.number) < 0.5 ? "numbers" : nil
    case .personEmail, .email: return column.share(.email) < 0.4 ? "e-mail addresses" : nil
    case .phone: return column.share(.phone) + column.share(.integer) < 0.3 ? "phone numbers" : nil
    case .ip: return column.share(.ip) < 0.4 ? "IP addresses" : nil
    case .url: return column.share(.url) + column.share(.path) < 0.4 ? "links" : nil
    case .digest: return column.share(.digest) < 0.4 ? "digests" : nil
    case .key, .personKey:
      if column.share(.email) > 0.6 { return "keys but e-mail addresses" }
      let isOther = column.share(.date) > 0.6 || column.share(.longText) > 0.5 || column.share(.personName) > 0.5
      return isOther ? "keys" : nil
    case .personName:
      if column.share(.email) > 0.6 { return "names but e-mail addresses" }
      return column.share(.date) > 0.5 || column.share(.number) > 0.5 ? "names" : nil
    case .boolean: return column.distinct > 12 || column.share(.longText) > 0.3 ? "yes or no" : nil
    case .enumeration: return column.share(.longText) > 0.4 || column.share(.date) > 0.5 ? "a choice of words" : nil
    case .country, .language, .currency, .mediaType, .fileName, .text, .label:
      return column.share(.date) > 0.7 ? "text but dates" : nil
    case .longText: return column.share(.date) > 0.5 ? "text but dates" : nil
    }
  }

  /// Days, or whole numbers that count days or seconds.
  private static func isDated(_ column: ColumnProfile) -> Bool {
    column.share(.date) >= 0.5 || (column.share(.integer) > 0.8 && column.lengths.shortest >= 5)
  }
}

// How the tables of the target schema are written down: one word a kind of field.

extension TargetField {
  static func text(
    _ name: String, _ label: String, limit: Int = 500, required: Bool = false, list: Bool = false,
    default value: String? = nil, standard: ValueStandard? = nil, reference: TargetReference? = nil
  ) -> TargetField {
    TargetField(
      name: name, label: label, kind: .text(limit: limit), standard: standard, reference: reference,
      isRequired: required, isList: list, isTypedInImportedFields: false, defaultValue: value)
  }

  static func long(_ name: String, _ label: String) -> TargetField {
    of(.longText, name, label)
  }

  static func at(_ name: String, _ label: String, required: Bool = false) -> TargetField {
    of(.timestamp, name, label, required: required)
  }

  static func day(_ name: String, _ label: String) -> TargetField {
    of(.date, name, label)
  }

  static func flag(_ name: String, _ label: String) -> TargetField {
    of(.boolean, name, label)
  }

  static func number(_ name: String, _ label: String, _ range: ClosedRange<Double>? = nil) -> TargetField {
    of(.number(range), name, label)
  }

  static func money(_ name: String, _ label: String) -> TargetField {
    of(.money, name, label)
  }

  static func one(
    of words: [String], _ name: String, _ label: String, required: Bool = false, default value: String? = nil
  ) -> TargetField {
    of(.enumeration(words), name, label, required: required, default: value)
  }

  /// The facets by which a source names people.
  static func people(_ name: String, _ label: String, required: Bool = false, list: Bool = false) -> [TargetField] {
    TargetReference.PersonFacet.allCases.map { facet in
      let what =
        switch facet {
        case .employeeID: "employee ID"
        case .email: "e-mail"
        case .name: "name"
        }
      let standard: ValueStandard? = facet == .email ? .email : nil
      return text(
        "\(name).\(facet.rawValue)", "\(label): \(what)", required: required, list: list, standard: standard,
        reference: .person(facet))
    }
  }

  /// The facets by which a source names a policy.
  static func policies(_ name: String, _ label: String, required: Bool = false) -> [TargetField] {
    TargetReference.PolicyFacet.allCases.map { facet in
      text("\(name).\(facet.rawValue)", "\(label): \(facet.rawValue)", required: required, reference: .policy(facet))
    }
  }

  /// The same field, typed in `imported_fields` alone.
  var imported: TargetField {
    TargetField(
      name: name, label: label, kind: kind, standard: standard, reference: reference, isRequired: isRequired,
      isList: isList, isTypedInImportedFields: true, defaultValue: defaultValue)
  }

  private static func of(
    _ kind: ValueKind, _ name: String, _ label: String, required: Bool = false, default value: String? = nil
  ) -> TargetField {
    TargetField(
      name: name, label: label, kind: kind, standard: nil, reference: nil, isRequired: required, isList: false,
      isTypedInImportedFields: false, defaultValue: value)
  }
}

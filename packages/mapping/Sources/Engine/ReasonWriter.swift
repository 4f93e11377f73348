// Says for people why a field was suggested, from the features that carried it.

/// Writes the reasons of one column's suggestion.
struct ReasonWriter: Sendable {
  let model: MappingModel
  let names: FieldNames

  init(_ model: MappingModel, _ entity: ImportEntity) {
    self.model = model
    names = FieldNames.of(entity)
  }

  /// What speaks for a field, the weightiest first.
  func reasons(
    _ field: Int, _ column: ColumnFeatures, _ profile: ColumnProfile, _ header: HeaderName, _ prior: Prior
  ) -> [Reason] {
    var weights: [Reason.Code: Double] = [:]
    for feature in column.fields[field] {
      guard let weight = model.weights[feature], let code = feature.template?.reason else { continue }
      weights[code, default: 0] += weight
    }
    let fit = column.fits[field]
    if let named = weights.removeValue(forKey: .tokenOverlap) { weights[nameCode(fit, field, header)] = named }
    if let gain = prior.gains[field] {
      weights[.vendorProfile] = gain.vendor
      weights[.tenantMemory] = gain.memory
      weights[.vendorVotes] = gain.votes
      weights[.exact, default: 0] += gain.template
    }
    let told = weights.filter { $0.value >= 0.05 }.map { code, weight in
      Reason(
        code: code, text: text(code, names.fields[field], fit, profile),
        weight: (weight * 100).rounded() / 100)
    }
    return told.sorted { ($1.weight, $0.code.rawValue) < ($0.weight, $1.code.rawValue) }
  }

  private func nameCode(_ fit: NameFit, _ field: Int, _ header: HeaderName) -> Reason.Code {
    if fit.isSpelledSame {
      let own = [names.fields[field].name, names.fields[field].label].map(VendorProfiles.key)
      return own.contains(header.key) ? .exact : .synonym
    }
    if fit.isSameWords { return .synonym }
    return header.words.contains { $0.way == .abbreviated || $0.way == .mistyped } ? .abbreviation : .tokenOverlap
  }

  private func text(_ code: Reason.Code, _ field: TargetField, _ fit: NameFit, _ profile: ColumnProfile) -> String {
    let header = "\"\(profile.name)\""
    switch code {
    case .exact: return "\(header) is the name of \(field.label)"
    case .synonym: return "\(header) is a known name of \(field.label)"
    case .tokenOverlap:
      guard let name = fit.name else { return "\(header) speaks of \(field.label)" }
      return "\(header) is like \"\(names.names[name].text)\", a known name of \(field.label)"
    case .abbreviation: return "\(header) is short for a name of \(field.label)"
    case .vendorProfile: return "exports of this system have \(header) for \(field.label)"
    case .tenantMemory: return "\(header) was mapped to \(field.label) here before"
    case .vendorVotes: return "others mapped \(header) of this system to \(field.label)"
    case .valueType: return "its values look like those of \(field.label)"
    case .enumValues: return "its values are words of \(field.label)"
    case .uniqueIDs: return "its values are as often different as those of \(field.label)"
    case .neighbour: return "it stands beside what belongs to \(field.label)"
    case .takenBy, .veto, .llm, .noEvidence: return ""
    }
  }
}

// From features to probabilities: a conditional logit over an entity's fields and none, then what columns take from
// each other.

/// The probabilities of one column.
struct ColumnScores: Sendable {
  /// Of each field.
  var fields: [Double]
  var none: Double
}

/// Scores a table's columns with a model.
struct Scorer: Sendable {
  let model: MappingModel
  let fields: [TargetField]

  init(_ model: MappingModel, _ entity: ImportEntity) {
    self.model = model
    fields = TargetSchema.fields(of: entity)
  }

  /// Each column by itself. `priors` is what is known of each beforehand.
  func alone(_ columns: [ColumnFeatures], priors: [Prior]) -> [ColumnScores] {
    columns.enumerated().map { index, column in
      var scores = column.fields.map { sum($0) }
      var none = sum(column.none)
      if priors.indices.contains(index) {
        for (field, gain) in priors[index].gains { scores[field] += gain.sum }
        none += priors[index].none
      }
      return Self.softmax(scores, none)
    }
  }

  private func sum(_ features: [Feature]) -> Double {
    var sum = 0.0
    for feature in features { if let weight = model.weights[feature] { sum += weight } }
    return sum
  }

  static func softmax(_ scores: [Double], _ none: Double) -> ColumnScores {
    let most = max(scores.max() ?? none, none)
    let powers = scores.map { Logarithm.inverse($0 - most) }
    let rest = Logarithm.inverse(none - most)
    let total = powers.reduce(rest, +)
    return ColumnScores(fields: powers.map { $0 / total }, none: rest / total)
  }

  /// A field that one column surely becomes is less likely for every other, unless it may be repeated: two rounds of
  /// the mean field of that rule.
  func together(_ columns: [ColumnScores]) -> [ColumnScores] {
    var now = columns
    for _ in 0..<2 {
      var free = Array(repeating: 0.0, count: fields.count)
      for column in now {
        for (field, share) in column.fields.enumerated() { free[field] += Logarithm.of(1 - min(share, 0.98)) }
      }
      now = zip(columns, now).map { alone, now in
        var next = alone
        for field in fields.indices where !fields[field].isRepeatable {
          let others = free[field] - Logarithm.of(1 - min(now.fields[field], 0.98))
          next.fields[field] *= Logarithm.inverse(max(others, -4))
        }
        let total = next.fields.reduce(next.none, +)
        next.fields = next.fields.map { $0 / total }
        next.none /= total
        return next
      }
    }
    return now
  }

  /// As shares of right suggestions.
  func calibrated(_ columns: [ColumnScores]) -> [ColumnScores] {
    columns.map { column in
      ColumnScores(fields: column.fields.map { model.calibration($0) }, none: column.none)
    }
  }
}

/// What is known of one column beforehand: added to its fields' scores, each with its reason.
struct Prior: Sendable {
  /// What speaks for one field.
  struct Gain: Sendable {
    var vendor = 0.0
    var memory = 0.0
    var votes = 0.0
    /// The heading is the field's, in a table that was filled in from our template.
    var template = 0.0
    var sum: Double { vendor + memory + votes + template }
  }

  var gains: [Int: Gain] = [:]
  var none = 0.0

  /// What a vendor's profile, our own template, the tenant's decisions and other tenants' votes say of a table's
  /// columns. What the tenant decided of a column counts for more than the template.
  static func read(
    _ table: SourceTable, _ entity: ImportEntity, vendor: String?, memory: MappingMemory
  ) -> [Prior] {
    let places = Dictionary(
      TargetSchema.fields(of: entity).enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    let profile = vendor.flatMap(VendorProfiles.named)?.headers[entity]
    let own = TemplateNames.places(in: table, of: entity)
    return table.columns.enumerated().map { index, column in
      var prior = Prior()
      let key = MappingMemory.key(of: column.name)
      if let target = profile?[key] {
        let place = target.flatMap { places[$0] }
        if let place { prior.gains[place, default: Gain()].vendor = 4 } else { prior.none += 3 }
      }
      for (target, tenants) in memory.votes[key] ?? [:] where tenants >= 2 {
        guard let place = places[target] else { continue }
        prior.gains[place, default: Gain()].votes = min(4, 1.5 + 0.25 * Double(tenants))
      }
      if let target = memory.accepted[key] {
        if let place = places[target] { prior.gains[place, default: Gain()].memory = 12 } else { prior.none += 16 }
      } else if own.indices.contains(index), let place = own[index] {
        prior.gains[place, default: Gain()].template = 10
      }
      return prior
    }
  }
}

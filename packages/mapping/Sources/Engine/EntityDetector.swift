// Which entity a table holds: how well its columns fit each entity's fields, and what its headers and name speak of.

/// Tells what a table holds.
struct EntityDetector: Sendable {
  let model: MappingModel

  /// Every entity with its probability, in the order of `ImportEntity.allCases`.
  func scores(_ reading: TableReading, _ evidence: [ImportEntity: [ColumnScores]]) -> [Double] {
    let sums = ImportEntity.allCases.map { entity in
      Self.features(reading, entity, evidence[entity] ?? []).reduce(0.0) { sum, feature in
        sum + (model.entityWeights[feature.name] ?? 0) * feature.value
      }
    }
    let most = sums.max() ?? 0
    let powers = sums.map { Logarithm.inverse($0 - most) }
    let total = powers.reduce(0, +)
    return powers.map { $0 / total }
  }

  /// What speaks for one entity.
  static func features(
    _ reading: TableReading, _ entity: ImportEntity, _ columns: [ColumnScores]
  ) -> [(name: String, value: Double)] {
    let fields = TargetSchema.fields(of: entity)
    let count = Double(max(1, columns.count))
    var features: [(name: String, value: Double)] = []
    let bests = columns.map { $0.fields.max() ?? 0 }
    features.append(("bias|\(entity.rawValue)", 1))
    features.append(("fit", bests.reduce(0, +) / count * 4))
    features.append(("sure", Double(bests.filter { $0 > 0.8 }.count) / count * 4))
    var reached: [String: Double] = [:]
    for column in columns {
      for (field, share) in column.fields.enumerated() where share > 0.05 {
        reached[fields[field].name] = max(reached[fields[field].name] ?? 0, share)
      }
    }
    let needed = TargetSchema.requirements(of: entity).filter { $0.condition == nil }
    let met = needed.map { need in need.anyOf.map { reached[$0] ?? 0 }.max() ?? 0 }
    features.append(("required", met.reduce(0, +) / Double(max(1, needed.count)) * 4))
    for (place, share) in met.enumerated() where share > 0.5 {
      features.append(("need|\(entity.rawValue)|\(needed[place].anyOf[0])", share))
    }
    let names = WordLexicon.shared.names
    let meanings = Set(reading.headers.flatMap(\.meanings))
    let weight = 3 / Double(max(9, meanings.count)).squareRoot()
    for meaning in meanings.sorted() { features.append(("word|\(names[Int(meaning)])|\(entity.rawValue)", weight)) }
    let reader = WordReader(lexicon: .shared)
    let title = reader.read(NameParts(stem(of: reading.table.name)), in: reading.tongue)
    for meaning in Set(title.flatMap(\.meanings)).sorted() {
      features.append(("file|\(names[Int(meaning)])|\(entity.rawValue)", 1))
    }
    return features
  }

  /// A file's name without its ending.
  private static func stem(of name: String) -> String {
    guard let dot = name.lastIndex(of: "."), name.distance(from: dot, to: name.endIndex) <= 6 else { return name }
    return String(name[..<dot])
  }
}

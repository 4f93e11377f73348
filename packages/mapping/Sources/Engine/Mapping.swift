// The engine's one entry: a table goes in, for each of its columns a field comes out, with how sure that is and why.
// Nothing is read but the arguments, so that the same table has the same answer everywhere.

/// Suggests what a source's columns become.
package enum Mapping {
  /// Makes what every answer needs: the lexicon, the names of all fields and the model. Whoever asks makes it as well,
  /// if nobody has; a command has time for it while it reads its file.
  package static func prepare() {
    _ = FeatureExtractor.of(.case)
    _ = MappingModel.shipped
    _ = ValueWords.shared
  }

  /// Suggests a field for each column.
  /// - Parameters:
  ///   - entity: what the table holds; `nil` finds out.
  ///   - vendor: the system it comes from, as `Suggestion.vendor` names it; `nil` finds out.
  ///   - memory: what this tenant and others decided before.
  package static func suggest(
    table: SourceTable, entity: ImportEntity?, vendor: String?, memory: MappingMemory, model: MappingModel = .shipped
  ) -> Suggestion {
    let reading = TableReading(table)
    let system = system(of: table, vendor)
    let code = system.score >= 0.5 ? system.value : nil
    var evidence: [ImportEntity: [ColumnScores]] = [:]
    var features: [ImportEntity: [ColumnFeatures]] = [:]
    for candidate in ImportEntity.allCases {
      let found = FeatureExtractor.of(candidate).features(of: reading)
      features[candidate] = found
      evidence[candidate] = Scorer(model, candidate).alone(
        found, priors: Prior.read(table, candidate, vendor: code, memory: memory))
    }
    let verdict = verdict(reading, evidence, asked: entity, model)
    let value = verdict.value
    let answer = TableAnswer(
      reading: reading, model: model, entity: value, features: features[value] ?? [], alone: evidence[value] ?? [],
      priors: Prior.read(table, value, vendor: code, memory: memory))
    return Suggestion(
      entity: verdict, vendor: .init(value: code, score: rounded(system.score)),
      model: .init(version: model.version, sha256: model.sha256, thresholds: model.thresholds),
      columns: answer.columns())
  }

  /// The systems whose exports are known, by code and name.
  package static var vendors: [(code: String, name: String)] {
    VendorProfiles.all.map { ($0.code, $0.name) }
  }

  private static func system(of table: SourceTable, _ vendor: String?) -> (value: String?, score: Double) {
    if let vendor { return (vendor, 1) }
    guard let found = VendorProfiles.detect(table) else { return (nil, 0) }
    return (found.code, found.score)
  }

  private static func verdict(
    _ reading: TableReading, _ evidence: [ImportEntity: [ColumnScores]], asked: ImportEntity?, _ model: MappingModel
  ) -> Suggestion.EntityVerdict {
    let scores = EntityDetector(model: model).scores(reading, evidence)
    let ranked = zip(ImportEntity.allCases, scores)
      .map { Suggestion.RankedEntity(entity: $0, score: rounded($1)) }
      .sorted { ($1.score, $0.entity.rawValue) < ($0.score, $1.entity.rawValue) }
    let value = asked ?? ranked.first?.entity ?? .case
    return Suggestion.EntityVerdict(
      requested: asked?.rawValue ?? "auto", value: value, score: ranked.first { $0.entity == value }?.score ?? 0,
      ranked: ranked.filter { $0.score >= 0.01 }.prefix(5).map { $0 })
  }

  static func rounded(_ score: Double) -> Double { (score * 10_000).rounded() / 10_000 }
}

/// Makes the answer of one table out of its probabilities.
struct TableAnswer: Sendable {
  let reading: TableReading
  let model: MappingModel
  let entity: ImportEntity
  let features: [ColumnFeatures]
  let alone: [ColumnScores]
  let priors: [Prior]

  private static let rankedLimit = 5
  private static let reasonLimit = 4

  func columns() -> [ColumnSuggestion] {
    let scorer = Scorer(model, entity)
    let scores = scorer.calibrated(scorer.together(alone)).map { $0.fields.map(Mapping.rounded) }
    let chosen = Assignment.best(
      scores, capacity: scorer.fields.map { $0.isList ? scores.count : $0.isNumbered ? 9 : 1 },
      none: model.thresholds.low)
    let writer = ReasonWriter(model, entity)
    return scores.indices.map { column in answer(column, scores, chosen, scorer.fields, writer) }
  }

  private func answer(
    _ column: Int, _ scores: [[Double]], _ chosen: [Int?], _ fields: [TargetField], _ writer: ReasonWriter
  ) -> ColumnSuggestion {
    let profile = reading.table.columns[column]
    let row = scores[column]
    let order = row.indices.filter { row[$0] >= 0.01 }
      .sorted { (row[$1], fields[$0].name) < (row[$0], fields[$1].name) }
    let field = chosen[column]
    let veto = field.flatMap { Veto.against(profile, fields[$0], of: entity) }
    let score = field.map { row[$0] } ?? order.first.map { row[$0] } ?? 0
    var reasons: [Reason] = []
    if let told = field ?? order.first {
      reasons = writer.reasons(told, features[column], profile, reading.headers[column], priors[column])
    }
    var remarks: [Reason] = []
    if let best = order.first, best != field, row[best] >= model.thresholds.low,
      let other = chosen.firstIndex(of: best)
    {
      let name = reading.table.columns[other].name
      remarks.append(Reason(code: .takenBy, text: "\(fields[best].label) went to \"\(name)\"", weight: 0))
    }
    if let veto { remarks.append(Reason(code: .veto, text: veto.text, weight: 0)) }
    reasons = Array(reasons.prefix(Self.reasonLimit - remarks.count)) + remarks
    if reasons.isEmpty {
      reasons = [Reason(code: .noEvidence, text: "no name or value fits a field", weight: 0)]
    }
    return ColumnSuggestion(
      name: profile.name, index: profile.index, target: field.map { fields[$0].name },
      band: field == nil ? .unmapped : score >= model.thresholds.high && veto == nil ? .high : .low, score: score,
      ranked: order.prefix(Self.rankedLimit).map { RankedTarget(target: fields[$0].name, score: row[$0]) },
      reasons: reasons)
  }
}

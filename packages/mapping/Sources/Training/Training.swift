// From the corpus to a model, and what the model is worth for systems it has never seen.

import EthicoTypes

/// Trains the engine and measures it.
package struct Training: Sendable {
  package static let foldCount = 5
  let corpus: Corpus
  let seed: UInt64

  /// - Parameter seed: the same seed and corpus make the same model.
  package init(corpus: Corpus, seed: UInt64 = 20) {
    self.corpus = corpus
    self.seed = seed
  }

  /// What training made: the model, and its figures out of fold.
  package struct Outcome: Sendable {
    package let model: MappingModel
    package let figures: Figures
    /// What was suggested wrongly, a line each.
    package let errors: [String]
  }

  /// Trains a model on everything, calibrated and measured on what each fold's model had not seen.
  package func run(version: String = "1") -> Outcome {
    let folds = corpus.folds(Self.foldCount)
    let (set, foldOf) = trainingSet(folds)
    let trainer = Trainer()
    var parts: [MappingModel] = []
    for fold in 0..<Self.foldCount {
      let weights = trainer.fit(set, where: foldOf.map { $0 != fold })
      parts.append(MappingModel(version: version, weights: weights, entityWeights: [:]))
    }
    let outcomes = outcomes(folds, parts)
    let calibration = Isotonic.fit(outcomes)
    let thresholds = Self.thresholds(outcomes, calibration)
    let examples = entityExamples(folds, parts)
    for fold in 0..<Self.foldCount {
      let entityWeights = EntityTrainer().fit(examples.filter { $0.fold != fold }.map(\.example))
      parts[fold] = MappingModel(
        version: version, thresholds: thresholds, calibration: calibration, weights: parts[fold].weights,
        entityWeights: entityWeights)
    }
    let model = MappingModel(
      version: version, thresholds: thresholds, calibration: calibration, weights: trainer.fit(set),
      entityWeights: EntityTrainer().fit(examples.map(\.example)))
    return Outcome(
      model: model, figures: Figures.measure(corpus, folds: folds, models: parts),
      errors: Figures.errors(corpus, folds: folds, models: parts))
  }

  /// A suggestion is sure from 0.9 at the least, and from where of the surest 98.7 % were right.
  private static func thresholds(
    _ outcomes: [(raw: Double, isRight: Bool)], _ calibration: Calibration
  ) -> MappingThresholds {
    var high = 0.9
    while high < 0.98 {
      let sure = outcomes.filter { calibration($0.raw) >= high }
      if Double(sure.filter(\.isRight).count) >= 0.987 * Double(sure.count) { break }
      high += 0.01
    }
    return MappingThresholds(high: (high * 100).rounded() / 100, low: 0.35)
  }

  private func trainingSet(_ folds: [Int]) -> (set: TrainingSet, foldOf: [Int]) {
    var set = TrainingSet()
    var foldOf: [Int] = []
    for (index, table) in corpus.tables.enumerated() {
      for variant in Augmentation.variants(of: table, seed: seed &+ UInt64(index) &* 1000) {
        set.add(variant, number: index)
        while foldOf.count < set.instances.count { foldOf.append(folds[index]) }
      }
    }
    return (set, foldOf)
  }

  /// What each fold's model says of the tables it had not seen, as they are and with some names hidden.
  private func outcomes(_ folds: [Int], _ models: [MappingModel]) -> [(raw: Double, isRight: Bool)] {
    var outcomes: [(raw: Double, isRight: Bool)] = []
    for (index, table) in corpus.tables.enumerated() {
      let scorer = Scorer(models[folds[index]], table.entity)
      var dice = SplitMix64(seed: seed &+ UInt64(index))
      for hasRows in [true, true, false] {
        let reading = TableReading(table.source(hasRows: hasRows))
        let hidden = Set(table.columns.indices.filter { _ in dice.chance(0.3) })
        let features = FeatureExtractor.of(table.entity).features(of: reading, hidden: hidden)
        for (column, scores) in zip(table.columns, scorer.together(scorer.alone(features, priors: []))) {
          guard let best = scores.fields.indices.max(by: { scores.fields[$0] < scores.fields[$1] }) else { continue }
          outcomes.append((scores.fields[best], scorer.fields[best].name == column.target))
        }
      }
    }
    return outcomes
  }

  private func entityExamples(_ folds: [Int], _ models: [MappingModel]) -> [(fold: Int, example: EntityExample)] {
    var examples: [(fold: Int, example: EntityExample)] = []
    for (index, table) in corpus.tables.enumerated() {
      guard let truth = ImportEntity.allCases.firstIndex(of: table.entity) else { continue }
      let variants = Augmentation.variants(of: table, seed: seed &+ UInt64(index) &* 77)
      for (place, variant) in variants.prefix(8).enumerated() {
        let source = variant.table.source(hasRows: variant.hasRows)
        // A file's name often says nothing.
        let name = place.isMultiple(of: 2) ? "export" : source.name
        let named = SourceTable(name: name, columns: source.columns, rows: source.rows)
        let reading = TableReading(named)
        let features = ImportEntity.allCases.map { entity in
          let found = FeatureExtractor.of(entity).features(of: reading, hidden: variant.hidden)
          return EntityDetector.features(
            reading, entity, Scorer(models[folds[index]], entity).alone(found, priors: []))
        }
        examples.append((folds[index], EntityExample(features: features, truth: truth)))
      }
    }
    return examples
  }
}

// Fits the weights of a conditional logit: the log likelihood of the labels, less the squares of the weights, by
// adaptive gradient steps in an order that a seed decides [Duchi, Hazan, Singer 2011].

import EthicoTypes

/// Columns with their candidates' features, packed.
struct TrainingSet: Sendable {
  /// One column: where its candidates stand, which of them is right, and how much it counts.
  struct Instance: Sendable {
    let candidates: Range<Int>
    let truth: Int
    let weight: Double
    /// Which of the corpus's tables it comes from, in whatever form.
    let table: Int
  }

  private(set) var features: [Feature] = []
  private(set) var instances: [Instance] = []
  private(set) var entries: [Int32] = []
  private(set) var bounds: [Int] = [0]
  private var places: [UInt64: Int32] = [:]

  /// Adds one table's columns.
  mutating func add(_ table: TrainingTable, number: Int) {
    let source = table.table.source(hasRows: table.hasRows)
    let columns = FeatureExtractor.of(table.table.entity).features(of: TableReading(source), hidden: table.hidden)
    let fields = TargetSchema.fields(of: table.table.entity)
    for (column, found) in zip(table.table.columns, columns) {
      let truth = column.target.flatMap { name in fields.firstIndex { $0.name == name } }
      let begin = bounds.count - 1
      for candidate in found.fields { add(candidate) }
      add(found.none)
      instances.append(
        Instance(
          candidates: begin..<(bounds.count - 1), truth: truth ?? fields.count, weight: table.weight, table: number))
    }
  }

  private mutating func add(_ candidate: [Feature]) {
    for feature in candidate {
      if let place = places[feature.packed] {
        entries.append(place)
      } else {
        let place = Int32(features.count)
        places[feature.packed] = place
        features.append(feature)
        entries.append(place)
      }
    }
    bounds.append(entries.count)
  }
}

/// Fits weights to a training set.
struct Trainer: Sendable {
  var epochs = 6
  var rate = 0.15
  /// How strongly weights are drawn to zero.
  var decay = 0.002
  var seed: UInt64 = 1
  var leastWeight = 0.17

  func fit(_ set: TrainingSet, where isUsed: [Bool]? = nil) -> [Feature: Double] {
    var weights = [Double](repeating: 0, count: set.features.count)
    var squares = [Double](repeating: 1e-4, count: set.features.count)
    var sums = weights
    let isTrained = trained(set)
    var order = set.instances.indices.filter { isUsed?[$0] ?? true }
    var dice = SplitMix64(seed: seed)
    for epoch in 0..<epochs {
      order.shuffle(using: &dice)
      for index in order { step(set, set.instances[index], isTrained, &weights, &squares) }
      // The mean of the later epochs' weights varies less than the last ones.
      if epoch >= epochs / 2 { for place in weights.indices { sums[place] += weights[place] } }
    }
    let count = Double(epochs - epochs / 2)
    var found: [Feature: Double] = [:]
    for (place, sum) in sums.enumerated() {
      // Four decimals are kept, and what hardly counts is left out: the model has to be small.
      let weight = (sum / count * 10_000).rounded() / 10_000
      if abs(weight) >= leastWeight { found[set.features[place]] = weight }
    }
    return found
  }

  /// What speaks of a single field counts only where that field was right in two tables: the rest is its group's.
  private func trained(_ set: TrainingSet) -> [Bool] {
    var isTrained = set.features.map { feature in
      switch feature.template {
      case .word, .pair, .kindOfField, .uniqueOfField, .wordsOfField, .neighbourOfField, .nameOfField, .nonePair,
        .rivalOfField, .numberedOfField:
        false
      default: true
      }
    }
    var seenIn = [Int](repeating: -1, count: set.features.count)
    for instance in set.instances {
      let place = instance.candidates.lowerBound + instance.truth
      for entry in set.entries[set.bounds[place]..<set.bounds[place + 1]] {
        let feature = Int(entry)
        if seenIn[feature] >= 0, seenIn[feature] != instance.table { isTrained[feature] = true }
        seenIn[feature] = instance.table
      }
    }
    return isTrained
  }

  private func step(
    _ set: TrainingSet, _ instance: TrainingSet.Instance, _ isTrained: [Bool], _ weights: inout [Double],
    _ squares: inout [Double]
  ) {
    let first = instance.candidates.lowerBound
    var scores = [Double](repeating: 0, count: instance.candidates.count)
    var most = -Double.infinity
    for place in scores.indices {
      var sum = 0.0
      for entry in set.bounds[first + place]..<set.bounds[first + place + 1] { sum += weights[Int(set.entries[entry])] }
      scores[place] = sum
      most = max(most, sum)
    }
    var total = 0.0
    for place in scores.indices {
      scores[place] = Logarithm.inverse(scores[place] - most)
      total += scores[place]
    }
    for place in scores.indices {
      let error = (scores[place] / total - (place == instance.truth ? 1 : 0)) * instance.weight
      guard abs(error) > 1e-4 else { continue }
      for entry in set.bounds[first + place]..<set.bounds[first + place + 1] {
        let feature = Int(set.entries[entry])
        guard isTrained[feature] else { continue }
        let gradient = error + decay * weights[feature]
        squares[feature] += gradient * gradient
        weights[feature] -= rate * gradient / squares[feature].squareRoot()
      }
    }
  }
}

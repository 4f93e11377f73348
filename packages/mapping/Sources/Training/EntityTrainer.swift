// Fits the weights that tell what a table holds.

import EthicoTypes

/// One table's features for every entity, and which is right.
struct EntityExample: Sendable {
  let features: [[(name: String, value: Double)]]
  let truth: Int
}

/// Fits a logit over the entities.
struct EntityTrainer: Sendable {
  var epochs = 60
  var rate = 0.2
  var decay = 0.01
  var seed: UInt64 = 2

  func fit(_ examples: [EntityExample]) -> [String: Double] {
    var places: [String: Int] = [:]
    let packed = examples.map { example in
      example.features.map { list in
        list.map { feature -> (place: Int, value: Double) in
          let place = places[feature.name] ?? places.count
          places[feature.name] = place
          return (place, feature.value)
        }
      }
    }
    var weights = [Double](repeating: 0, count: places.count)
    var squares = [Double](repeating: 1e-2, count: places.count)
    var order = Array(examples.indices)
    var dice = SplitMix64(seed: seed)
    for _ in 0..<epochs {
      order.shuffle(using: &dice)
      for index in order { step(packed[index], examples[index].truth, &weights, &squares) }
    }
    return places.mapValues { (weights[$0] * 10_000).rounded() / 10_000 }.filter { abs($0.value) >= 0.01 }
  }

  private func step(
    _ entities: [[(place: Int, value: Double)]], _ truth: Int, _ weights: inout [Double], _ squares: inout [Double]
  ) {
    var powers = [Double](repeating: 0, count: entities.count)
    for (entity, list) in entities.enumerated() {
      for feature in list { powers[entity] += weights[feature.place] * feature.value }
    }
    let most = powers.max() ?? 0
    for entity in powers.indices { powers[entity] = Logarithm.inverse(powers[entity] - most) }
    let total = powers.reduce(0, +)
    for (entity, list) in entities.enumerated() {
      let error = powers[entity] / total - (entity == truth ? 1 : 0)
      guard abs(error) > 1e-4 else { continue }
      for feature in list {
        let gradient = error * feature.value + decay * weights[feature.place]
        squares[feature.place] += gradient * gradient
        weights[feature.place] -= rate * gradient / squares[feature.place].squareRoot()
      }
    }
  }
}

// What training made: weights by feature, how probabilities are to be read, and from where a suggestion counts as sure.

import Crypto
import FoundationEssentials

/// From which probability a suggestion is sure, and from which it is one at all.
package struct MappingThresholds: Codable, Hashable, Sendable {
  package let high: Double
  package let low: Double

  package init(high: Double, low: Double) {
    self.high = high
    self.low = low
  }
}

/// A trained model.
package struct MappingModel: Sendable {
  package let version: String
  package let thresholds: MappingThresholds
  /// SHA-256 of the model's file, in hexadecimal.
  package let sha256: String
  let calibration: Calibration
  let weights: [Feature: Double]
  let entityWeights: [String: Double]

  /// The model that is part of the program; a test trains it again and compares.
  package static let shipped: MappingModel = {
    do {
      return try MappingModel(json: LexiconFile.model)
    } catch {
      preconditionFailure("The model that is compiled in can be read: \(error)")
    }
  }()

  init(
    version: String, thresholds: MappingThresholds = .init(high: 0.9, low: 0.35), calibration: Calibration = .none,
    weights: [Feature: Double], entityWeights: [String: Double]
  ) {
    self.version = version
    self.thresholds = thresholds
    self.calibration = calibration
    self.weights = weights
    self.entityWeights = entityWeights
    sha256 = ""
  }

  /// The file's content.
  private struct File: Codable {
    let version: String
    let thresholds: MappingThresholds
    let calibration: [[Double]]
    let entity: [String: Double]
    /// By template and last argument, then by the first: a name is written once for all that share it.
    let weights: [String: [String: Double]]
  }

  /// Reads a model's file. Weights of words or fields that are not known any more are left out.
  package init(json: String) throws {
    let file = try JSONDecoder().decode(File.self, from: Data(json.utf8))
    version = file.version
    thresholds = file.thresholds
    calibration = Calibration(points: file.calibration.compactMap { $0.count == 2 ? ($0[0], $0[1]) : nil })
    entityWeights = file.entity
    var weights: [Feature: Double] = [:]
    weights.reserveCapacity(file.weights.count)
    for (group, members) in file.weights {
      for (member, weight) in members {
        if let feature = Feature(group: group, member: member) { weights[feature] = weight }
      }
    }
    self.weights = weights
    sha256 = SHA256.hash(data: Data(json.utf8)).map { byte in
      let digits = String(byte, radix: 16)
      return digits.utf8.count == 1 ? "0" + digits : digits
    }.joined()
  }

  /// The model's file, in the order of its names.
  package var json: String {
    func members(_ weights: [(String, Double)]) -> String {
      weights.sorted { $0.0 < $1.0 }.map { "\"\($0.0)\":\(OrderedJSON.decimal($0.1, places: 4))" }.joined(
        separator: ",")
    }
    var groups: [String: [(String, Double)]] = [:]
    for (feature, weight) in weights {
      guard let name = feature.name else { continue }
      groups[name.group, default: []].append((name.member, weight))
    }
    let lines = groups.sorted { $0.key < $1.key }.map { "\"\($0.key)\":{\(members($0.value))}" }
    let points = calibration.points.map {
      "[\(OrderedJSON.decimal($0.raw, places: 6)),\(OrderedJSON.decimal($0.share, places: 6))]"
    }
    return """
      {"version":"\(version)",
      "thresholds":{"high":\(thresholds.high),"low":\(thresholds.low)},
      "calibration":[\(points.joined(separator: ","))],
      "entity":{\(members(entityWeights.map { ($0.key, $0.value) }))},
      "weights":{
      \(lines.joined(separator: ",\n"))
      }}

      """
  }
}

/// How often a raw probability turned out right, out of fold: rising straight lines between the blocks of an isotonic
/// regression.
struct Calibration: Sendable {
  let points: [(raw: Double, share: Double)]

  /// Probabilities as they are.
  static let none = Calibration(points: [])

  init(points: [(Double, Double)]) {
    self.points = points.map { (raw: $0.0, share: $0.1) }
  }

  func callAsFunction(_ raw: Double) -> Double {
    guard let first = points.first, let last = points.last else { return raw }
    if raw <= first.raw { return first.raw <= 0 ? first.share : first.share * raw / first.raw }
    if raw >= last.raw {
      return last.raw >= 1 ? last.share : last.share + (1 - last.share) * (raw - last.raw) / (1 - last.raw) * 0.5
    }
    var low = 0
    var high = points.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if points[middle].raw <= raw { low = middle } else { high = middle }
    }
    let (left, right) = (points[low], points[high])
    guard right.raw > left.raw else { return right.share }
    return left.share + (right.share - left.share) * (raw - left.raw) / (right.raw - left.raw)
  }
}

// The model is what the corpus makes of it, and it is worth what the specification holds. One training serves all.

import Foundation
import Testing

@testable import Mapping

@Suite("Training")
struct TrainingTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Corpus").path()
  private static let corpus = Result { try Corpus(folder: folder) }
  private static let outcome = corpus.map { Training(corpus: $0).run() }

  @Test("has a corpus of many systems, languages, and columns without a field")
  func size() throws {
    let corpus = try Self.corpus.get()
    let columns = corpus.tables.flatMap(\.columns)
    #expect(corpus.tables.count >= 60 && corpus.systems.count >= 12 && columns.count >= 1200)
    #expect(Double(columns.filter { $0.target == nil }.count) >= 0.2 * Double(columns.count))
    for table in corpus.tables {
      for target in table.columns.compactMap(\.target) {
        #expect(TargetSchema.field(named: target, of: table.entity) != nil, "\(table.system): \(target)")
      }
    }
  }

  @Test("keeps systems whole in a fold")
  func folds() throws {
    let corpus = try Self.corpus.get()
    let folds = corpus.folds(Training.foldCount)
    for system in corpus.systems {
      let own = zip(corpus.tables, folds).filter { $0.0.system == system }.map(\.1)
      #expect(Set(own).count == 1)
    }
  }

  @Test("makes the shipped model again, to 1e-6")
  func again() throws {
    let made = try Self.outcome.get().model
    let shipped = MappingModel.shipped
    #expect(made.weights.count == shipped.weights.count && made.entityWeights.count == shipped.entityWeights.count)
    let farthest = made.weights.map { abs($0.value - (shipped.weights[$0.key] ?? .infinity)) }.max()
    #expect(try #require(farthest) <= 1e-6)
    let entityFarthest = made.entityWeights.map { abs($0.value - (shipped.entityWeights[$0.key] ?? .infinity)) }.max()
    #expect(try #require(entityFarthest) <= 1e-6)
    #expect(LexiconFile.model.utf8.count <= 256 * 1024)
  }

  @Test("holds the figures on systems that it had not seen")
  func figures() throws {
    let figures = try Self.outcome.get().figures
    #expect(figures.top1 >= 0.9 && figures.top3 >= 0.96 && figures.headersOnly >= 0.8, "\(figures)")
    #expect(figures.top1 >= figures.levenshteinBaseline + 0.25)
    #expect(figures.highPrecision >= 0.98 && figures.highShare >= 0.6, "\(figures)")
    #expect(figures.highWithoutTarget <= 0.02, "\(figures)")
    #expect(figures.calibrationError <= 0.05 && figures.entity >= 0.97, "\(figures)")
  }

  @Test("reads outcomes as a rising function")
  func isotonic() {
    let outcomes: [(raw: Double, isRight: Bool)] = (0..<400).map { number in
      let bar = 150 + number * 7 % 100
      return (raw: Double(number) / 400, isRight: number > bar)
    }
    let calibration = Isotonic.fit(outcomes)
    let read = stride(from: 0.0, through: 1, by: 0.01).map { calibration($0) }
    #expect(zip(read, read.dropFirst()).allSatisfy { $0 <= $1 })
    #expect(calibration(0.1) < 0.2 && calibration(0.95) > 0.8)
  }

  @Test("changes headers the same way for the same seed")
  func dice() throws {
    let table = try #require(Self.corpus.get().tables.first)
    let one = Augmentation.variants(of: table, seed: 7)
    #expect(one.count == Augmentation.factor)
    #expect(one.map(\.table) == Augmentation.variants(of: table, seed: 7).map(\.table))
    #expect(one.map(\.table) != Augmentation.variants(of: table, seed: 8).map(\.table))
  }
}

// Random lives of one record under several imports, held against a model: whatever is imported, edited, taken back from
// above or from under and brought back in whatever order, the record and its layers say what the model says.

import Access
import EthicoTypes
import Foundation
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("Layers of a record and their model", .serialized)
struct UndoModelTests {
  /// As many as the random runs of an import: a few in the suite, all of them with `bin/test --long`.
  private static let runs = ProcessInfo.processInfo.environment["OPS_TEST_LONG"] == nil ? 40 : 2_000
  private static let runsEach = 20

  @Test("say the same")
  func random() async throws {
    for start in stride(from: 0, to: Self.runs, by: Self.runsEach) {
      let db = try await TestDatabase.make(pools: 2)
      let reader = db.superuser()
      for run in start..<min(start + Self.runsEach, Self.runs) {
        var life = RecordLife(db: db, reader: reader, run: run)
        try await life.live()
      }
    }
  }
}

/// What the layers of one record say and found, field by field, and what stands in the record.
private struct LayerModel {
  struct Layer {
    var undo: Int?
    var before: [String: String] = [:]
    var after: [String: String]
  }

  struct Undo {
    let keepsLater: Bool
    /// Of fields given back in the record: what had stood there, beside the highest layer that said anything.
    var replaced: (layer: Int, record: [String: String])?
    /// Of fields that went over to an upper layer, and of those that did not because somebody had written there.
    var given: Set<String> = []
    var left: Set<String> = []
  }

  var record: [String: String]
  var layers: [Layer]
  var undos: [Undo] = []

  init(_ record: [String: String]) {
    self.record = record
    layers = [Layer(after: record)]
  }

  /// What the source says of a field is taken over where it has not been changed here since.
  mutating func bring(_ said: [String: String]) {
    var layer = Layer(after: [:])
    for (name, value) in said where record[name] != value {
      let last = layers.last { $0.undo == nil && $0.after[name] != nil }
      guard last?.after[name] == record[name] else { continue }
      layer.before[name] = record[name]
      layer.after[name] = value
    }
    record.merge(layer.after) { $1 }
    layers.append(layer)
  }

  mutating func undo(_ index: Int, keepsLater: Bool) {
    var undo = Undo(keepsLater: keepsLater)
    var going = layers.indices.filter { $0 >= index && layers[$0].undo == nil }
    if keepsLater {
      going = [index]
      let layer = layers[index]
      for (name, after) in layer.after {
        guard let upper = upper(index, name) else { continue }
        guard layers[upper].before[name] == after else {
          undo.left.insert(name)
          continue
        }
        undo.given.insert(name)
        for place in index + 1...upper where layers[place].before[name] == after {
          layers[place].before[name] = layer.before[name]
        }
      }
    }
    let stood = record
    for (name, found) in footing(going, except: undo.given.union(undo.left)) where record[name] == found.after {
      record[name] = found.before
      undo.replaced = (top(going, except: undo.given.union(undo.left)), stood)
    }
    for place in going { layers[place].undo = undos.count }
    undos.append(undo)
  }

  mutating func reverse(_ number: Int) {
    let undo = undos[number]
    let coming = layers.indices.filter { layers[$0].undo == number }
    for index in coming where undo.keepsLater {
      let layer = layers[index]
      for name in undo.given {
        let upper = upper(index, name)
        if upper == nil, record[name] == layer.before[name] { record[name] = layer.after[name] }
        for place in layers.indices where place > index && place <= upper ?? place {
          if layers[place].before[name] == layer.before[name] { layers[place].before[name] = layer.after[name] }
        }
      }
    }
    let rest = undo.given.union(undo.left)
    for (name, found) in footing(coming, except: rest) where record[name] == found.before {
      guard let replaced = undo.replaced, replaced.layer == top(coming, except: rest) else { continue }
      record[name] = replaced.record[name]
    }
    for index in coming { layers[index].undo = nil }
  }

  /// The lowest layer that stands above another and has changed a field too.
  private func upper(_ index: Int, _ name: String) -> Int? {
    layers.indices.first { $0 > index && layers[$0].undo == nil && layers[$0].before[name] != nil }
  }

  private func top(_ going: [Int], except names: Set<String>) -> Int {
    going.last { !Set(layers[$0].before.keys).subtracting(names).isEmpty } ?? -1
  }

  /// What layers leave of each field when they go: what the lowest found, or somebody wrote between two of them.
  private func footing(_ going: [Int], except names: Set<String>) -> [String: (before: String?, after: String?)] {
    var found: [String: (before: String?, after: String?)] = [:]
    for index in going {
      for (name, before) in layers[index].before where !names.contains(name) {
        let follows = found[name].map { $0.after == before } ?? false
        found[name] = (follows ? found[name]?.before : before, layers[index].after[name])
      }
    }
    return found
  }
}

/// One life of one case of its own.
private struct RecordLife {
  let db: TestDatabase
  let reader: Database
  let run: Int
  var random: SplitMix64
  var model: LayerModel
  var batches: [ID<Batch>] = []
  var undos: [ID<MigrationUndo>] = []
  var words = 0
  var steps: [String] = []

  init(db: TestDatabase, reader: Database, run: Int) {
    self.db = db
    self.reader = reader
    self.run = run
    random = SplitMix64(seed: UInt64(run))
    model = LayerModel(["title": "First", "summary": "First."])
  }

  private var reference: String { "EP-\(run)" }
  private var source: String { "model\(run)" }

  mutating func live() async throws {
    batches.append(try await db.bring(.case, [row(model.record)], source: source))
    for _ in 0..<3 { try await bring() }
    for _ in 0..<Int.random(in: 6...12, using: &random) {
      try await step()
      try await check()
    }
  }

  private mutating func step() async throws {
    switch Int.random(in: 0...11, using: &random) {
    case 0...1: try await bring()
    case 2: try await edit()
    case 3...7:
      guard let index = batches.indices.dropFirst().randomElement(using: &random) else { return }
      try await undo(index)
    default:
      guard let index = undos.indices.randomElement(using: &random) else { return }
      steps.append("reverse \(index)")
      let undo = undos[index]
      _ = try await db.inside { tx in try await ImportUndo.reverse(undo, in: tx) }
      model.reverse(index)
    }
  }

  /// A source says something of every field each time: something new, or what stands here.
  private mutating func bring() async throws {
    var said = model.record
    for name in ["title", "summary"] where Int.random(in: 0...3, using: &random) > 0 { said[name] = word(name) }
    steps.append("bring \(said.mapValues { String($0.prefix(12)) })")
    batches.append(try await db.bring(.case, [row(said)], source: source))
    model.bring(said)
  }

  private mutating func edit() async throws {
    let title = word("title")
    steps.append("edit \(title)")
    try await db.retitle(reference, title)
    model.record["title"] = title
  }

  private mutating func undo(_ index: Int) async throws {
    guard model.layers[index].undo == nil else { return }
    let keepsLater = Bool.random(using: &random)
    steps.append("undo \(index)\(keepsLater ? ", keeping" : "")")
    let outcome = try await db.undo(batches[index], keepsLater ? .keeping : .careful)
    #expect(outcome.done == 1, "run \(run): \(steps) \(outcome)")
    undos.append(outcome.undo)
    model.undo(index, keepsLater: keepsLater)
  }

  private mutating func word(_ name: String) -> String {
    words += 1
    let isLong = name == "summary" && Bool.random(using: &random)
    return isLong ? String(repeating: "Text \(words). ", count: 40) : "Word \(words)"
  }

  private func row(_ said: [String: String]) -> StagedRow {
    StagedRow.closedCase(run, said.merging(["source_url": "https://example.org/\(batches.count)"]) { $1 })
  }

  private func check() async throws {
    let titles = try await reader.query(
      .superuser, "SELECT title || ' · ' || summary FROM \"case\" WHERE reference = \(reference)", as: String.self)
    let wanted = (model.record["title"] ?? "") + " · " + (model.record["summary"] ?? "")
    #expect(titles == [wanted], "run \(run): \(steps)")
    let layers = try await reader.query(
      .superuser,
      """
      SELECT concat_ws(' · ', p.undone_at IS NULL, p.before_image ->> 'title', COALESCE((
        SELECT r.body FROM migration_replaced r WHERE r.provenance_id = p.id AND r.field = 'summary'),
        p.before_image ->> 'summary'))
      FROM migration_provenance p
      JOIN "case" c ON c.id = p.target_id
      WHERE p.target_table = 'case' AND c.reference = \(reference) AND p.action = 'update'
      ORDER BY p.seq
      """, as: String.self)
    let said = model.layers.dropFirst().map { layer in
      ([layer.undo == nil ? "t" : "f"] + ["title", "summary"].compactMap { layer.before[$0] }).joined(separator: " · ")
    }
    #expect(layers == said, "run \(run): \(steps)")
  }
}

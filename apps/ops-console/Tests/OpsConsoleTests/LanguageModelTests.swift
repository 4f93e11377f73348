// A language model that is asked about columns: what it hears, who may ask it, and how long it is waited for.

import Access
import EthicoTypes
import Flags
import Foundation
import Jobs
import Logging
import Mapping
import Synchronization
import TestSupport
import Testing

@testable import Migration
@testable import OpsConsole
@testable import Web

@Suite("The language model")
struct LanguageModelTests {
  private static let csv = """
    case_number;Blorp;Qx;caller ip
    CANARY-1;CANARYTOWN;KANAR;203.0.113.17
    CANARY-2;Canaryville;VOGEL;203.0.113.18

    """
  private static let placing = #"{"columns":[{"index":1,"field":"location","confidence":0.97}]}"#

  /// What was asked, and an answer to all of it.
  private final class Server: Sendable {
    private let heard = Mutex<[String]>([])
    var bodies: [String] { heard.withLock { $0 } }

    func model(_ answer: @escaping @Sendable () async throws -> IncomingAnswer) throws -> ChatModel {
      let fetch = HTTPFetch { request in
        if case .send(let json) = request.kind { self.heard.withLock { $0.append(json) } }
        return try await answer()
      }
      return try #require(
        ChatModel(url: "https://models.example.com/v1/chat/completions", model: "small", key: "k", fetch: fetch))
    }

    func model(saying text: String) throws -> ChatModel {
      let content = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
      let body = #"{"choices":[{"message":{"role":"assistant","content":"# + content + "}}]}"
      return try model { IncomingAnswer(status: 200, body: Array(body.utf8)) }
    }
  }

  private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  /// Brings a file in where that model can be asked.
  private func mapper(_ model: ChatModel, _ setting: FlagValue?) async throws -> [[String: Any]] {
    let desk = try await ImportDesk.open()
    if let setting {
      let fleet = try await desk.db.ledger.fleetFlags()
      try await desk.db.ledger.tenant(by: desk.db.system(World.acmeHealth)) { tx in
        try await ClientFlag.all(fleet, in: tx).first { $0.flag == .aiAssistant }?.set(setting, in: tx)
      }
    }
    let sent = try await desk.browser.upload(
      ImportDesk.home + "/files", file: (name: "cases.csv", bytes: Array(Self.csv.utf8)))
    #expect(sent.status == 303, "\(sent.body)")
    let worker = Worker(
      ledger: desk.db.ledger, kinds: OpsConsole.jobKinds(asking: model, mailing: nil, logger: Self.quiet),
      settings: WorkerSettings(name: "test:1"), logger: Self.quiet)
    // Ends when nothing is due.
    while try await worker.turn() {}
    let batch = try #require(try await desk.batches().first)
    return try #require(try await desk.browser.json(batch + "/map")["columns"] as? [[String: Any]])
  }

  @Test("is asked about columns without a field where the client wants it, and hears no value of any")
  func asked() async throws {
    let server = Server()
    let columns = try await mapper(try server.model(saying: Self.placing), .on)
    let zone = try #require(columns.first { $0["name"] as? String == "Blorp" })
    #expect(zone["target"] as? String == "location" && zone["band"] as? String == "low")
    #expect(zone["score"] as? Double == 0.6 && zone["decision"] as? String == "review")
    #expect((zone["reasons"] as? [String])?.first?.hasPrefix("A language model takes") == true)
    let body = try #require(server.bodies.first)
    #expect(server.bodies.count == 1 && body.contains("Blorp") && body.contains("location"))
    for word in ["CANARY", "Canary", "KANAR", "VOGEL", "203.0", "acme", "cases.csv"] {
      #expect(!body.contains(word), "\(word)")
    }
  }

  @Test("hears nothing of a client that has not switched it on", arguments: [nil, FlagValue.off])
  func off(setting: FlagValue?) async throws {
    let server = Server()
    let columns = try await mapper(try server.model(saying: Self.placing), setting)
    #expect(server.bodies.isEmpty)
    #expect(columns.first { $0["name"] as? String == "Blorp" }?["band"] as? String == "unmapped")
  }

  @Test("changes nothing where its answer is a fault", arguments: [302, 404, 500])
  func fault(status: Int) async throws {
    let server = Server()
    let model = try server.model { IncomingAnswer(status: status, body: Array(Self.placing.utf8)) }
    let columns = try await mapper(model, .on)
    #expect(server.bodies.count == 1)
    #expect(columns.first { $0["name"] as? String == "Blorp" }?["band"] as? String == "unmapped")
  }

  private static let table = SourceTable(
    name: "cases.csv",
    columns: ["Case Number", "Blorp"].enumerated().map { ColumnProfiler(name: $1, index: $0).finish() }, rows: 0)
  private static let suggestion = Mapping.suggest(table: table, entity: .case, vendor: nil, memory: .none)

  private func advised(
    _ model: ChatModel, nap: @escaping @Sendable (Duration) async throws -> Void = { _ in try await Self.never() }
  ) async -> MappingAdviser.Outcome {
    await MappingAdviser.languageModel(model, logger: Self.quiet, nap: nap).advise(Self.suggestion, of: Self.table)
  }

  /// Waits until it is cancelled.
  private static func never() async throws {
    let (days, held) = AsyncStream<Void>.makeStream()
    for await _ in days {}
    withExtendedLifetime(held) {}
    throw CancellationError()
  }

  @Test("is waited for ten seconds; then what the engine says stands")
  func patience() async throws {
    let waited = Mutex<[Duration]>([])
    let model = try Server().model {
      try await Self.never()
      return IncomingAnswer(status: 200, body: [])
    }
    let outcome = await advised(model) { duration in waited.withLock { $0.append(duration) } }
    #expect(outcome.isUnanswered && outcome.suggestion == Self.suggestion)
    #expect(waited.withLock { $0 } == [.seconds(10)])
  }

  @Test(
    "is not believed where its answer is not what was asked for",
    arguments: [
      "", "location", "[]", "{}", #"{"columns":{"1":"location"}}"#, #"{"columns":[{"index":1,"field":"location"}]}"#,
      #"{"columns":[{"index":"1","field":"location","confidence":0.9}]}"#,
      #"{"columns":[{"index":1,"field":"location","confidence":0.9},{"index":2}]}"#,
      #"{"columns":[{"index":1,"field":"location","confidence":0.9}]"#,
    ])
  func nonsense(text: String) async throws {
    let outcome = await advised(try Server().model(saying: text))
    #expect(outcome.isUnanswered && outcome.suggestion == Self.suggestion)
  }

  @Test("hears nothing of what may say who reported, nor of what the client has left out before")
  func discretion() async throws {
    let table = SourceTable(
      name: "cases.csv",
      columns: ["Blorp", "caller ip", "Fnord"].enumerated().map { ColumnProfiler(name: $1, index: $0).finish() },
      rows: 0)
    var memory = MappingMemory(accepted: ["callerip": "", "fnord": ""])
    let suggestion = Mapping.suggest(table: table, entity: .case, vendor: nil, memory: memory)
    #expect(suggestion.columns.allSatisfy { $0.target == nil })
    memory.accepted["callerip"] = nil
    let server = Server()
    let answer = #"{"columns":[{"index":1,"field":"location","confidence":0.9}]}"#
    let adviser = MappingAdviser.languageModel(try server.model(saying: answer), logger: Self.quiet) { _ in
      try await Self.never()
    }
    let outcome = await adviser.advise(suggestion, of: table, knowing: memory)
    let body = try #require(server.bodies.first)
    #expect(body.contains("Blorp") && !body.contains("caller") && !body.contains("Fnord"))
    #expect(outcome.suggestion == suggestion)
  }

  @Test("may say that it knows no column")
  func silence() async throws {
    let outcome = await advised(try Server().model(saying: #"{"columns":[]}"#))
    #expect(!outcome.isUnanswered && outcome.suggestion == Self.suggestion)
  }
}

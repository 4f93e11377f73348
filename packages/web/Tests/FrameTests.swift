// The page of a refusal, where nobody can be asked whom it is for.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Markup
import NIOCore
import Postgres
import Synchronization
import Testing

@testable import Web

@Suite("The frame of a page that no handler made")
struct FrameTests {
  private final class Output: Sendable {
    let lines = Mutex<[String]>([])
  }

  @Test(
    "goes without who asked where the database cannot say it, and the log says why",
    arguments: ["/nothing", "/i/0193a5c0-0000-7000-8000-00000000dead/nothing"])
  func unknown(path: String) async throws {
    let output = Output()
    let frame = await Self.frame(at: path, of: try Self.console(logging: output))
    #expect(frame.signedIn == nil && frame.acting == nil)
    let lines = output.lines.withLock { $0 }
    #expect(lines.count == 1 && lines.contains { $0.contains("A page was laid out without who asked for it.") })
    #expect(lines.contains { $0.contains("unknownRole") })
  }

  /// A console whose database has no pool.
  private static func console(logging output: Output) throws -> Console {
    let logger = Logger(label: "console") { label in
      JSONLogHandler(
        label: label, timepiece: .system,
        sink: LogSink { line in output.lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) } })
    }
    let settings = WebSettings(
      origin: "http://127.0.0.1:8400", guardian: NetworkGuard(vpn: [], trustedProxies: [], hosts: []),
      sessionKey: Array(repeating: 7, count: 32), ticketKeys: try TicketKeys(parsing: ""), mode: .demo,
      issuerOrigin: nil)
    return Console(
      ledger: Ledger(
        database: Database(conninfo: "", pools: [], logger: logger), timepiece: .system, ids: .random, release: "0"),
      settings: settings, assets: try Assets(files: [:]), chrome: Chrome { _, _ in .nothing }, logger: logger)
  }

  private static func frame(at path: String, of console: Console) async -> Frame {
    let head = HTTPRequest(
      method: .get, scheme: "http", authority: "127.0.0.1:8400", path: path,
      headerFields: [.cookie: "ops=" + SessionToken().text])
    let facts = RequestFacts(
      id: console.ledger.ids.next(at: console.ledger.timepiece.now()), ip: nil, method: "GET", route: "-")
    return await console.frame(
      of: Arrival(
        console: console, request: .init(head: head, body: .init(buffer: ByteBuffer())), facts: facts, nonce: "",
        parameters: .init(), query: .empty, form: .none, channel: nil))
  }
}

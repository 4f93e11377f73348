// What the program says about itself: its measurements, its log and whether it can work. Needs no database.

import EthicoTypes
import Foundation
import Logging
import Metrics
import Synchronization
import Testing

@testable import Postgres
@testable import Web

@Suite("Metrics")
struct MetricsRegistryTests {
  let registry = MetricsRegistry(seriesLimit: 3)

  @Test("writes counters, whole and broken, under their families")
  func counters() {
    Counter(label: "http_requests_total", dimensions: [("status", "200"), ("method", "GET")], factory: registry)
      .increment(by: 2)
    Counter(label: "http_requests_total", dimensions: [("method", "GET"), ("status", "200")], factory: registry)
      .increment()
    FloatingPointCounter(label: "cpu.seconds", factory: registry).increment(by: 0.25)
    #expect(
      registry.exposition() == """
        # TYPE cpu_seconds counter
        cpu_seconds 0.25
        # TYPE http_requests_total counter
        http_requests_total{method="GET",status="200"} 3
        # TYPE metrics_series_dropped_total counter
        metrics_series_dropped_total 0

        """)
  }

  @Test(
    "writes gauges as they were last set",
    arguments: [(1.5, "1.5"), (-3, "-3"), (Double.nan, "NaN"), (Double.infinity, "+Inf")])
  func gauges(value: Double, text: String) {
    let meter = Meter(label: "depth", factory: registry)
    meter.set(7)
    meter.set(value)
    Gauge(label: "age", factory: registry).record(value)
    #expect(lines("depth") == ["depth \(text)"])
    #expect(lines("age") == ["age \(text)"])
  }

  @Test("writes timers as cumulative buckets in seconds")
  func timers() {
    let timer = Metrics.Timer(label: "postgres_pool_wait", dimensions: [("role", "tenant")], factory: registry)
    for milliseconds in [5, 6, 1_000, 60_000] { timer.recordMilliseconds(milliseconds) }
    let text = registry.exposition()
    #expect(text.contains("# TYPE postgres_pool_wait_seconds histogram\n"))
    #expect(
      lines("postgres_pool_wait_seconds") == [
        ("0.005", 1), ("0.01", 2), ("0.025", 2), ("0.05", 2), ("0.1", 2), ("0.25", 2), ("0.5", 2), ("1", 3), ("2.5", 3),
        ("5", 3), ("10", 3), ("+Inf", 4),
      ].map { "postgres_pool_wait_seconds_bucket{role=\"tenant\",le=\"\($0.0)\"} \($0.1)" } + [
        "postgres_pool_wait_seconds_sum{role=\"tenant\"} 61.011",
        "postgres_pool_wait_seconds_count{role=\"tenant\"} 4",
      ])
  }

  @Test("writes recorders that aggregate as histograms")
  func recorders() {
    Recorder(label: "rows", factory: registry).record(12)
    #expect(lines("rows_bucket{le=\"10\"}") == ["rows_bucket{le=\"10\"} 0"])
    #expect(lines("rows_bucket{le=\"50\"}") == ["rows_bucket{le=\"50\"} 1"])
    #expect(lines("rows_count") == ["rows_count 1"])
  }

  @Test("lets no label break out of its quotation marks or its line")
  func escapes() {
    let dimensions = [("path", "a\\b\"} 9\r\nfake 1\n"), ("le", "1"), ("9 é", "ü")]
    Counter(label: "hostile", dimensions: dimensions, factory: registry).increment()
    #expect(lines("hostile") == [#"hostile{_9__="ü",le_="1",path="a\\b\"} 9"# + "\r" + #"\nfake 1\n"} 1"#])
  }

  @Test("drops and counts what is beyond its bound, and goes on with what it has")
  func bound() {
    for _ in 1...2 {
      for method in ["A", "B", "C", "D", "E"] {
        Counter(label: "requests", dimensions: [("method", method)], factory: registry).increment()
      }
    }
    #expect(lines("requests") == ["A", "B", "C"].map { "requests{method=\"\($0)\"} 2" })
    #expect(lines("metrics_series_dropped_total") == ["metrics_series_dropped_total 4"])
  }

  @Test("drops and counts a name that already belongs to another kind")
  func kinds() {
    Counter(label: "twice", factory: registry).increment()
    Meter(label: "twice", factory: registry).set(9)
    Meter(label: "twice", dimensions: [("a", "b")], factory: registry).set(9)
    #expect(lines("twice") == ["twice 1"])
    #expect(lines("metrics_series_dropped_total") == ["metrics_series_dropped_total 2"])
  }

  @Test("loses no count between tasks")
  func concurrency() async {
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<10 {
        group.addTask { [registry] in
          for _ in 0..<100 {
            Counter(label: "counted", dimensions: [("parity", "\(task % 2)")], factory: registry).increment()
            Metrics.Timer(label: "timed", factory: registry).recordSeconds(1)
          }
        }
      }
    }
    #expect(lines("counted") == ["counted{parity=\"0\"} 500", "counted{parity=\"1\"} 500"])
    #expect(lines("timed_seconds_sum") == ["timed_seconds_sum 1000"])
    #expect(lines("timed_seconds_count") == ["timed_seconds_count 1000"])
  }

  @Test("writes the state of every pool")
  func pools() {
    let registry = MetricsRegistry()
    registry.set(pools: [
      PoolRole(rawValue: "console_tenant"): PoolStatus(open: 3, idle: 2, waiting: 0, limit: 8)
    ])
    registry.set(openAccesses: 4)
    let text = registry.exposition()
    #expect(text.contains("postgres_pool_connections{role=\"console_tenant\",state=\"idle\"} 2\n"))
    #expect(text.contains("postgres_pool_connections{role=\"console_tenant\",state=\"limit\"} 8\n"))
    #expect(text.contains("ops_open_accesses 4\n"))
  }

  private func lines(_ beginning: String) -> [String] {
    registry.exposition().split(separator: "\n").map(String.init).filter { $0.hasPrefix(beginning) }
  }
}

@Suite("Log")
struct JSONLogHandlerTests {
  private final class Output: Sendable {
    let lines = Mutex<[[UInt8]]>([])
  }

  private let output = Output()

  @Test("writes one object a line")
  func line() throws {
    logger().warning("Slow.", metadata: ["access": ["id": "7", "steps": ["a", "b"]], "time": "noon"])
    let bytes = try #require(output.lines.withLock { $0.first })
    #expect(
      String(decoding: bytes, as: UTF8.self) == """
        {"time":"2026-03-02T09:15:00.000250Z","level":"warning","label":"console","message":"Slow.",\
        "access.id":"7","access.steps.0":"a","access.steps.1":"b","metadata.time":"noon"}

        """)
  }

  @Test("lets the event overrule the task, and the task the logger")
  func precedence() throws {
    var logger = logger(provider: Logger.MetadataProvider { ["a": "task", "b": "task"] })
    for key in ["a", "b", "c"] { logger[metadataKey: key] = "logger" }
    logger.info("", metadata: ["a": "event"])
    let fields = try onlyLine()
    #expect([fields["a"], fields["b"], fields["c"]] == ["event", "task", "logger"])
  }

  @Test(
    "keeps hostile text within its string",
    arguments: [
      "\",\"level\":\"info", "\\", "a\r\nb\n{\"time\":1}", "\u{0}\u{1}\u{1B}[2J\u{7F}\u{9B}",
      "\u{2028}\u{2029}\u{202E}\u{FEFF}", "é😀\u{10FFFF}", "",
    ])
  func hostile(text: String) throws {
    logger().error("\(text)", metadata: ["key" + text: "\(text)"])
    let fields = try onlyLine()
    #expect(fields["message"]?.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
    #expect(fields["key" + text]?.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
    #expect(fields["level"] == "error")
  }

  @Test("cuts a line at 16 KiB and says so", arguments: ["a", "\n", "😀", "\""])
  func limit(text: String) throws {
    let long = String(repeating: text, count: 20_000)
    logger().info("\(long)", metadata: ["a": "\(long)", "b": "\(long)", long: "c"])
    let bytes = try #require(output.lines.withLock { $0.first })
    #expect(bytes.count <= 16_384 && bytes.count > 16_300)
    let fields = try onlyLine()
    #expect(fields["truncated"] == "true")
    #expect(try long.hasPrefix(#require(fields["message"])) && long.hasPrefix(#require(fields["a"])))
  }

  private func logger(provider: Logger.MetadataProvider? = nil) -> Logger {
    Logger(label: "console") { [output] label in
      JSONLogHandler(
        label: label, timepiece: Timepiece { Date(timeIntervalSince1970: 1_772_442_900.000_25) },
        metadataProvider: provider, sink: LogSink { line in output.lines.withLock { $0.append(line) } })
    }
  }

  /// Also that it is one line: a line feed at the end and nowhere else, no other control character.
  private func onlyLine() throws -> [String: String] {
    let lines = output.lines.withLock { $0 }
    let bytes = try #require(lines.first)
    #expect(lines.count == 1 && bytes.last == 0x0A)
    #expect(!bytes.dropLast().contains { $0 < 0x20 || $0 == 0x7F })
    return try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: String])
  }
}

@Suite("Health")
struct HealthTests {
  private struct Silent: Error {}

  @Test("is well with its warnings when the check succeeds")
  func ready() async {
    let health = await server { ["The disk is nearly full."] }.health()
    #expect(health == Health(status: .ok, warnings: ["The disk is nearly full."]))
  }

  @Test("is unavailable when the check throws, and does not say why")
  func fails() async {
    #expect(await server { throw Silent() }.health() == Health(status: .unavailable, warnings: []))
  }

  @Test("is unavailable when the check does not end in time")
  func overdue() async {
    let (endless, source) = AsyncStream<Never>.makeStream()
    var server = server {
      for await _ in endless {}
      return []
    }
    server.patience = .milliseconds(1)
    #expect(await server.health() == Health(status: .unavailable, warnings: []))
    source.finish()
  }

  @Test("gives its measurements even when the gauges cannot be refreshed")
  func staleGauges() async {
    let text = await server { [] }.measurements()
    #expect(text.contains("metrics_series_dropped_total 0\n"))
  }

  private func server(_ readiness: @escaping @Sendable () async throws -> [String]) -> HealthServer {
    HealthServer(
      readiness: readiness, refresh: { throw Silent() }, registry: MetricsRegistry(),
      logger: Logger(label: "health") { _ in SwiftLogNoOpLogHandler() })
  }
}

// What a family of series holds: counters, gauges and histograms, each safe to write from every thread.

import Metrics
import Synchronization

/// The series that share a name.
struct MetricFamily: Sendable {
  /// As the exposition format names it.
  enum Kind: String, Sendable {
    case counter, gauge, histogram
  }

  let kind: Kind
  var series: [MetricLabels: any MetricSeries]
}

/// One line of numbers through time; its labels tell it from its siblings.
protocol MetricSeries: AnyObject, Sendable {
  static var kind: MetricFamily.Kind { get }

  func write(_ name: String, _ labels: MetricLabels, to text: inout String)
}

/// Only grows.
final class CounterSeries: MetricSeries, CounterHandler, FloatingPointCounterHandler {
  static let kind = MetricFamily.Kind.counter

  private let total = Mutex(0.0)

  var value: Double { total.withLock { $0 } }

  func increment(by amount: Int64) {
    increment(by: Double(amount))
  }

  func increment(by amount: Double) {
    guard amount > 0, amount.isFinite else { return }
    total.withLock { $0 += amount }
  }

  func reset() {
    total.withLock { $0 = 0 }
  }
}

/// Goes up and down.
final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
  static let kind = MetricFamily.Kind.gauge

  private let current = Mutex(0.0)

  var value: Double { current.withLock { $0 } }

  func set(_ value: Int64) { set(Double(value)) }
  func set(_ value: Double) { current.withLock { $0 = value } }
  func increment(by amount: Double) { current.withLock { $0 += amount } }
  func decrement(by amount: Double) { current.withLock { $0 -= amount } }
  func record(_ value: Int64) { set(Double(value)) }
  func record(_ value: Double) { set(value) }
}

/// How many observations were at most how large.
final class HistogramSeries: MetricSeries, TimerHandler, RecorderHandler {
  struct Tally: Sendable {
    /// One count for each bound and one for what lies beyond the last, not yet cumulative.
    var counts: [Int]
    var sum = 0.0
  }

  static let kind = MetricFamily.Kind.histogram

  static let latenciesSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
  /// A recorder does not say its unit, so its bounds only tell orders of magnitude.
  static let decades: [Double] = [1, 5, 10, 50, 100, 500, 1_000, 5_000, 10_000, 50_000, 100_000]

  let bounds: [Double]
  private let current: Mutex<Tally>

  /// The bounds ascend.
  init(bounds: [Double]) {
    self.bounds = bounds
    current = Mutex(Tally(counts: Array(repeating: 0, count: bounds.count + 1)))
  }

  var tally: Tally { current.withLock { $0 } }

  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1_000_000_000) }
  func record(_ value: Int64) { record(Double(value)) }

  func record(_ value: Double) {
    guard value.isFinite else { return }
    let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
    current.withLock { tally in
      tally.counts[bucket] += 1
      tally.sum += value
    }
  }
}

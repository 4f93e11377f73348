// The backend of swift-metrics: every series of this process, kept in memory until Prometheus asks for them.

public import Metrics
import Synchronization

/// The series of this process, each found by its name and labels: who asks twice gets the same one.
public final class MetricsRegistry: MetricsFactory {
  struct Contents {
    var families: [String: MetricFamily]
    var seriesCount = 0
  }

  private let seriesLimit: Int
  /// Counts refusals, not refused series: to tell those apart it would have to remember them.
  private let dropped = CounterSeries()
  private let contents: Mutex<Contents>

  /// Beyond the limit new series are dropped and counted, so that labels made from what strangers send cannot fill the
  /// memory; those that exist go on.
  public init(seriesLimit: Int = 10_000) {
    self.seriesLimit = seriesLimit
    let ours = MetricFamily(kind: .counter, series: [MetricLabels([]): dropped])
    contents = Mutex(Contents(families: ["metrics_series_dropped_total": ours]))
  }

  /// The families as they are now. Their series are shared and go on counting.
  var families: [String: MetricFamily] {
    contents.withLock { $0.families }
  }

  /// The counter of that label and those dimensions; one that counts nothing where the registry refuses it.
  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    series(metricName(label), dimensions) { CounterSeries() } ?? NOOPMetricsHandler.instance
  }

  /// The same series as `makeCounter` gives: all counters take fractions.
  public func makeFloatingPointCounter(
    label: String, dimensions: [(String, String)]
  ) -> any FloatingPointCounterHandler {
    series(metricName(label), dimensions) { CounterSeries() } ?? NOOPMetricsHandler.instance
  }

  /// The gauge of that label and those dimensions; one that shows nothing where the registry refuses it.
  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    series(metricName(label), dimensions) { GaugeSeries() } ?? NOOPMetricsHandler.instance
  }

  /// A recorder that aggregates is a histogram, one that does not is swift-metrics' older name for a gauge.
  public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    if aggregate {
      return series(metricName(label), dimensions) { HistogramSeries(bounds: HistogramSeries.decades) }
        ?? NOOPMetricsHandler.instance
    }
    return series(metricName(label), dimensions) { GaugeSeries() } ?? NOOPMetricsHandler.instance
  }

  /// The name ends in its unit, as Prometheus asks: `postgres_pool_wait` becomes `postgres_pool_wait_seconds`.
  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    let name = metricName(label)
    return series(name.hasSuffix("_seconds") ? name : name + "_seconds", dimensions) {
      HistogramSeries(bounds: HistogramSeries.latenciesSeconds)
    } ?? NOOPMetricsHandler.instance
  }

  // A series outlives the objects that write to it: others may share it, and a counter that vanished and came back
  // would read as a restart.
  /// Does nothing: the counter goes on.
  public func destroyCounter(_ handler: any CounterHandler) {}
  /// Does nothing: the counter goes on.
  public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
  /// Does nothing: the gauge keeps its last value.
  public func destroyMeter(_ handler: any MeterHandler) {}
  /// Does nothing: the histogram or gauge stays as it is.
  public func destroyRecorder(_ handler: any RecorderHandler) {}
  /// Does nothing: the histogram stays as it is.
  public func destroyTimer(_ handler: any TimerHandler) {}

  /// Nothing when the registry is full, or when the name belongs to a family of another kind, which the format forbids.
  private func series<S: MetricSeries>(
    _ name: String, _ dimensions: [(String, String)], _ make: () -> S
  ) -> S? {
    let labels = MetricLabels(dimensions)
    let found: S? = contents.withLock { contents in
      var family = contents.families[name] ?? MetricFamily(kind: S.kind, series: [:])
      if let known = family.series[labels] { return known as? S }
      guard family.kind == S.kind, contents.seriesCount < seriesLimit else { return nil }
      let new = make()
      // The dictionary gives up its copy first, or each new series would copy all its siblings.
      contents.families[name] = nil
      family.series[labels] = new
      contents.families[name] = family
      contents.seriesCount += 1
      return new
    }
    if found == nil { dropped.increment(by: Int64(1)) }
    return found
  }
}

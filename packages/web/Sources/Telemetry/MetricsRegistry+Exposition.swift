// How the series are written for Prometheus: its text exposition format 0.0.4,
// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format

extension MetricsRegistry {
  /// All series, ordered by name and labels. Numbers of different series may be moments apart.
  public func exposition() -> String {
    var text = ""
    for (name, family) in families.sorted(by: { $0.key < $1.key }) {
      text += "# TYPE \(name) \(family.kind.rawValue)\n"
      for (labels, series) in family.series.sorted(by: { $0.key.text < $1.key.text }) {
        series.write(name, labels, to: &text)
      }
    }
    return text
  }
}

extension CounterSeries {
  func write(_ name: String, _ labels: MetricLabels, to text: inout String) {
    text += "\(name)\(labels.braced()) \(metricNumber(value))\n"
  }
}

extension GaugeSeries {
  func write(_ name: String, _ labels: MetricLabels, to text: inout String) {
    text += "\(name)\(labels.braced()) \(metricNumber(value))\n"
  }
}

extension HistogramSeries {
  func write(_ name: String, _ labels: MetricLabels, to text: inout String) {
    let tally = tally
    var count = 0
    for (bound, observed) in zip(bounds + [.infinity], tally.counts) {
      count += observed
      text += "\(name)_bucket\(labels.braced(and: "le=\"\(metricNumber(bound))\"")) \(count)\n"
    }
    text += "\(name)_sum\(labels.braced()) \(metricNumber(tally.sum))\n"
    text += "\(name)_count\(labels.braced()) \(count)\n"
  }
}

/// The labels of a series, written once when it is made: `role="console_tenant",state="idle"`.
struct MetricLabels: Hashable, Sendable {
  private static let valueLimitScalars = 256

  let text: String

  /// Sorted, so that the order in which code names them makes no second series. Of two with one name the first counts.
  init(_ dimensions: [(String, String)]) {
    let values = Dictionary(
      dimensions.map { (Self.name($0.0), $0.1) }, uniquingKeysWith: { first, _ in first })
    text = values.sorted { $0.key < $1.key }
      .map { "\($0.key)=\"\(Self.escaped($0.value))\"" }
      .joined(separator: ",")
  }

  func braced(and other: String? = nil) -> String {
    let all = [text, other ?? ""].filter { !$0.isEmpty }
    return all.isEmpty ? "" : "{\(all.joined(separator: ","))}"
  }

  /// `le` belongs to the buckets, and a colon only to the names of metrics.
  private static func name(_ label: String) -> String {
    let name = metricName(label).replacing(":", with: "_")
    return name == "le" ? "le_" : name
  }

  /// By scalars: to Swift a carriage return before a line feed is one character with it, to Prometheus it is not.
  private static func escaped(_ value: String) -> String {
    var escaped = ""
    for scalar in value.unicodeScalars.prefix(valueLimitScalars) {
      switch scalar {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}

/// A name as the format allows it, `[a-zA-Z_:][a-zA-Z0-9_:]*`: `hb.requests` becomes `hb_requests`.
func metricName(_ label: String) -> String {
  var name = ""
  for scalar in label.unicodeScalars {
    let isAllowed = scalar.isASCII && (scalar.properties.isAlphabetic || scalar == "_" || scalar == ":")
    let isDigit = ("0"..."9").contains(scalar)
    if isDigit, name.isEmpty { name = "_" }
    name.unicodeScalars.append(isAllowed || isDigit ? scalar : "_")
  }
  return name.isEmpty ? "_" : name
}

private func metricNumber(_ value: Double) -> String {
  if value.isNaN { return "NaN" }
  if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
  return Int64(exactly: value).map { String($0) } ?? value.description
}

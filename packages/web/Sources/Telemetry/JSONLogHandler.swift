// What the program says about itself: one JSON object a line, for journald or whoever collects the output.

public import EthicoTypes
public import Logging

/// Writes each event as one line: `time`, `level`, `label`, `message`, then its metadata as strings.
public struct JSONLogHandler: LogHandler {
  /// Compared by the `Logger`, before an event comes here.
  public var logLevel: Logger.Level
  /// Of the logger itself: stands on every line that it writes.
  public var metadata: Logger.Metadata = [:]
  /// What the task knows: stronger than the logger's own metadata, weaker than the event's.
  public var metadataProvider: Logger.MetadataProvider?

  private let label: String
  private let timepiece: Timepiece
  private let sink: LogSink

  private static let nestingLimit = 8

  /// - Parameter label: which part of the program speaks; at most 256 bytes of it are written.
  public init(
    label: String, level: Logger.Level = .info, timepiece: Timepiece,
    metadataProvider: Logger.MetadataProvider? = nil, sink: LogSink = .standardOutput
  ) {
    self.label = label
    logLevel = level
    self.timepiece = timepiece
    self.metadataProvider = metadataProvider
    self.sink = sink
  }

  /// One item of the logger's own metadata; `nil` takes it away.
  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes one line of at most 16 KiB, metadata in the order of its names; what does not fit is cut.
  public func log(event: LogEvent) {
    var line = LogLine()
    line.add("time", timepiece.now().microsecondText)
    line.add("level", event.level.rawValue)
    line.add("label", label, limitBytes: 256)
    line.add("message", event.message.description, limitBytes: LogLine.limitBytes / 2)
    for (name, text) in fields(of: event).sorted(by: { $0.key < $1.key }) {
      line.add(LogLine.ownNames.contains(name) ? "metadata." + name : name, text)
    }
    sink.write(line.ended())
  }

  /// The nearer to the event, the stronger: what it says itself, then its task, then its logger.
  private func fields(of event: LogEvent) -> [String: String] {
    var merged = metadata
    if let provided = metadataProvider?.get() { merged.merge(provided) { $1 } }
    if let error = event.error { merged["error"] = "\(String(describing: error))" }
    if let own = event.metadata { merged.merge(own) { $1 } }
    var fields: [String: String] = [:]
    for (name, value) in merged { Self.flatten(value, name, depth: 1, into: &fields) }
    return fields
  }

  /// `["access": ["id": "7"]]` becomes `access.id`, the second of an array `name.1`.
  private static func flatten(
    _ value: Logger.Metadata.Value, _ name: String, depth: Int, into fields: inout [String: String]
  ) {
    guard depth <= nestingLimit else {
      fields[name] = "…"
      return
    }
    switch value {
    case .string(let text):
      fields[name] = text
    case .stringConvertible(let convertible):
      fields[name] = convertible.description
    case .dictionary(let members):
      for (key, member) in members { flatten(member, "\(name).\(key)", depth: depth + 1, into: &fields) }
    case .array(let elements):
      for (index, element) in elements.enumerated() {
        flatten(element, "\(name).\(index)", depth: depth + 1, into: &fields)
      }
    }
  }
}

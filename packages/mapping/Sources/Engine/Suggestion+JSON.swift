// The answer of `ops-console mapping suggest --json`, without its file: columns keep the order of the file.

extension Suggestion {
  /// `entity`, `vendor`, `model` and `columns`, in that order, for the object that a command prints.
  package var members: [OrderedJSON.Member] {
    [
      .init("entity", entity.json), .init("vendor", vendor.json), .init("model", model.json),
      .init("columns", .object(columns.map { .init($0.name, $0.json) })),
    ]
  }
}

extension Suggestion.EntityVerdict {
  fileprivate var json: OrderedJSON {
    .object([
      .init("requested", .string(requested)), .init("value", .string(value.rawValue)), .init("score", .number(score)),
      .init(
        "ranked",
        .array(
          ranked.map {
            .object([.init("entity", .string($0.entity.rawValue)), .init("score", .number($0.score))])
          })),
    ])
  }
}

extension Suggestion.VendorVerdict {
  fileprivate var json: OrderedJSON {
    .object([.init("value", value.map(OrderedJSON.string) ?? .null), .init("score", .number(score))])
  }
}

extension Suggestion.Model {
  fileprivate var json: OrderedJSON {
    .object([
      .init("version", .string(version)), .init("sha256", .string(sha256)),
      .init(
        "thresholds",
        .object([.init("high", .number(thresholds.high)), .init("low", .number(thresholds.low))])),
    ])
  }
}

extension ColumnSuggestion {
  /// The column's value under its name.
  package var json: OrderedJSON {
    .object([
      .init("index", .integer(index)), .init("target", target.map(OrderedJSON.string) ?? .null),
      .init("band", .string(band.rawValue)), .init("score", .number(score)),
      .init(
        "ranked",
        .array(ranked.map { .object([.init("target", .string($0.target)), .init("score", .number($0.score))]) })),
      .init(
        "reasons",
        .array(
          reasons.map {
            .object([
              .init("code", .string($0.code.rawValue)), .init("text", .string($0.text)),
              .init("weight", .number($0.weight)),
            ])
          })),
    ])
  }
}

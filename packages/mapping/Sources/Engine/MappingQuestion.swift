// What somebody outside is asked about the columns that the engine has no field for, and what becomes of their answer:
// names, shapes and sorts go out, never a cell; an answer is at most something to look at.

/// What is asked about a table: its columns without a field, and the fields that are left.
package struct MappingQuestion: Hashable, Sendable {
  /// The kind of record that the table is of.
  package let entity: ImportEntity
  /// Those without a field.
  package let columns: [Column]
  /// Those that no column has, and those that several columns may become.
  package let fields: [TargetField]

  /// A column, without anything that stands in it.
  package struct Column: Hashable, Sendable {
    /// Its place in the file, from 0.
    package let index: Int
    /// Its header; its place where any header of the file may be a value.
    package let header: String
    /// Up to five shapes of its cells: `AA-9999999`.
    package let masks: [String]
    /// What at least half of its cells look like.
    package let kinds: [CellKind]
  }

  /// - Parameter hidden: columns that nobody outside hears of.
  /// - Returns: `nil` where there is nothing to ask.
  package init?(_ suggestion: Suggestion, of table: SourceTable, without hidden: Set<Int>) {
    entity = suggestion.entity.value
    let taken = Set(suggestion.columns.compactMap(\.target))
    fields = TargetSchema.fields(of: entity).filter { $0.isRepeatable || !taken.contains($0.name) }
    // Where a file has no header its first row passes for one: one value among the names, and none of them is sent.
    let isNamed = !table.columns.contains(where: Column.mayBeValue)
    columns = zip(suggestion.columns, table.columns).compactMap { column, profile in
      guard column.band == .unmapped, profile.filled > 0 || profile.rows == 0, !hidden.contains(profile.index) else {
        return nil
      }
      return Column(profile, header: isNamed ? profile.name : "(column \(profile.index + 1))")
    }
    guard !columns.isEmpty, !fields.isEmpty else { return nil }
  }
}

extension MappingQuestion.Column {
  fileprivate init(_ profile: ColumnProfile, header: String) {
    index = profile.index
    self.header = header
    masks = Self.unique(profile.masks.map { Self.bare($0.text) })
    kinds = CellKind.allCases.filter { profile.share($0) >= 0.5 }
  }

  /// Whether what passes for a column's name may be one of its cells: by what it looks like, or because the column has
  /// the same again. In doubt it may: names that are not sent cost no more than a suggestion.
  fileprivate static func mayBeValue(_ profile: ColumnProfile) -> Bool {
    // Of names that are the same all but the first have a number.
    let name = profile.name.replacing(#/ \([0-9]+\)$/#, with: "")
    guard name.count <= nameLimit, !name.utf8.contains(UInt8(ascii: "@")) else { return true }
    let kinds = Cell(name).kinds
    guard kinds.isDisjoint(with: valueKinds) else { return true }
    let digits = name.utf8.count { (0x30...0x39).contains($0) }
    // `Question1` and `CUSTOM01` are names, `EP-0000001` is a record's number.
    if kinds.contains(.identifier), digits >= identifierDigits { return true }
    if digits > 0, profile.masks.contains(where: { $0.text == Mask.of(name) }) { return true }
    let spelled = Self.spelled(name)
    return profile.top.contains { Self.spelled($0.text) == spelled }
  }

  /// Characters of a name; what is longer is somebody's sentence.
  private static let nameLimit = 60
  private static let identifierDigits = 4

  /// What no name of a column looks like. Words, cities, countries and lists are left out: columns are called so.
  private static let valueKinds: CellKinds = [
    .date, .timestamp, .number, .money, .email, .phone, .uuid, .url, .ip, .digest, .longText, .personName, .givenName,
  ]

  /// How a text is compared with a name: names have single spaces.
  private static func spelled(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ").lowercased()
  }

  /// A shape without the letters that it keeps for our own eyes.
  private static func bare(_ mask: String) -> String {
    String(
      mask.map { character in
        if character.isNumber { return "9" }
        if character.isLetter { return character.isUppercase ? "A" : "a" }
        return character.isASCII ? character : "·"
      })
  }

  private static func unique(_ masks: [String]) -> [String] {
    var seen: Set<String> = []
    return masks.filter { seen.insert($0).inserted }
  }
}

/// That a column may be a field, as somebody outside says.
package struct MappingAdvice: Hashable, Sendable {
  /// Its place in the file, from 0.
  package let column: Int
  /// The name of a field.
  package let target: String
  /// From 0 to 1, as they are sure of it.
  package let confidence: Double

  package init(column: Int, target: String, confidence: Double) {
    self.column = column
    self.target = target
    self.confidence = confidence
  }
}

extension Suggestion {
  /// What an outsider says is never surer than this.
  package static let adviceLimit = 0.6

  /// The same with columns that had no field lifted to `low`, as somebody outside says. What was not asked, is not
  /// left, or contradicts a column's values is passed over, and nothing that has a field changes.
  package func taking(_ advice: [MappingAdvice], to question: MappingQuestion, of table: SourceTable) -> Suggestion {
    let asked = Set(question.columns.map(\.index))
    let left = Dictionary(question.fields.map { ($0.name, $0) }) { first, _ in first }
    var given: [Int: TargetField] = [:]
    var scores: [Int: Double] = [:]
    var counts: [String: Int] = [:]
    for said in advice.sorted(by: { ($1.confidence, $0.column) < ($0.confidence, $1.column) }) {
      guard asked.contains(said.column), given[said.column] == nil, let field = left[said.target],
        (model.thresholds.low...1).contains(said.confidence),
        counts[field.name, default: taken(field)] < capacity(of: field),
        let profile = table.columns.first(where: { $0.index == said.column }),
        Veto.against(profile, field, of: entity.value) == nil
      else { continue }
      given[said.column] = field
      scores[said.column] = min(Self.adviceLimit, Mapping.rounded(said.confidence))
      counts[field.name, default: taken(field)] += 1
    }
    let columns = columns.map { column in
      guard column.band == .unmapped, let field = given[column.index], let score = scores[column.index] else {
        return column
      }
      return column.lifted(to: field, score)
    }
    return Suggestion(entity: entity, vendor: vendor, model: model, columns: columns)
  }

  private func taken(_ field: TargetField) -> Int { columns.count { $0.target == field.name } }

  private func capacity(of field: TargetField) -> Int {
    field.isList ? columns.count : field.isNumbered ? 9 : 1
  }
}

extension ColumnSuggestion {
  fileprivate func lifted(to field: TargetField, _ score: Double) -> ColumnSuggestion {
    let told = Reason(code: .llm, text: "a language model takes \"\(name)\" for \(field.label)", weight: 0)
    let ranked = (ranked.filter { $0.target != field.name } + [RankedTarget(target: field.name, score: score)])
      .sorted { ($1.score, $0.target) < ($0.score, $1.target) }
    return ColumnSuggestion(
      name: name, index: index, target: field.name, band: .low, score: score, ranked: Array(ranked.prefix(5)),
      reasons: [told] + reasons.filter { $0.code == .takenBy })
  }
}

// What the model learns weights for. A feature is a template and up to two arguments, packed into one number.

/// What a feature says, and so what its arguments are.
enum FeatureTemplate: UInt8, CaseIterable, Sendable {
  // How the header fits the field's names.
  case name, nameOfGroup, nameOfField, cover, trigrams, jaroWinkler, head, rank, rival, rivalOfField, numbered
  case numberedOfField
  // What the header's words mean for a field, and for all fields of its sort.
  case word, wordOfGroup, pair
  case field
  // What the values look like.
  case kind, kindOfField, lack, words, wordsOfField, unique, uniqueOfField, length, distinct, givenValues
  // Where the column stands.
  case neighbour, neighbourOfField, first
  // The same for a column without a field.
  case none, noneName, noneGap, noneWord, noneWordOfEntity, nonePair, noneKind, noneUnique, noneUnknown, noneEmpty
  case noneLength, noneWords, noneNumbered, noneRival

  /// What an argument stands for.
  enum Argument: Sendable {
    case nothing, step, meaning, group, field, entity
    /// A kind of cell and the step of its share.
    case kind
    /// Two meanings, the lesser first.
    case meanings
  }

  var arguments: (Argument, Argument) {
    switch self {
    case .name, .cover, .trigrams, .jaroWinkler, .head, .rank, .rival, .numbered: (.step, .nothing)
    case .nameOfGroup, .words, .unique, .length, .distinct: (.step, .group)
    case .nameOfField, .rivalOfField, .numberedOfField, .wordsOfField, .uniqueOfField, .neighbourOfField, .first:
      (.step, .field)
    case .word: (.meaning, .field)
    case .wordOfGroup: (.meaning, .group)
    case .pair: (.meanings, .field)
    case .field: (.nothing, .field)
    case .kind: (.kind, .group)
    case .kindOfField: (.kind, .field)
    case .lack: (.nothing, .group)
    case .givenValues: (.step, .group)
    case .neighbour: (.step, .nothing)
    case .none: (.nothing, .entity)
    case .noneName, .noneGap, .noneUnique, .noneUnknown, .noneEmpty, .noneLength, .noneWords,
      .noneNumbered, .noneRival:
      (.step, .nothing)
    case .noneWord: (.meaning, .nothing)
    case .noneWordOfEntity: (.meaning, .entity)
    case .nonePair: (.meanings, .nothing)
    case .noneKind: (.kind, .nothing)
    }
  }

  /// Which reason such a feature is told as; `nil` where it is no reason of its own.
  var reason: Reason.Code? {
    switch self {
    case .name, .nameOfGroup, .nameOfField, .cover, .trigrams, .jaroWinkler, .head, .rank, .word, .wordOfGroup, .pair:
      .tokenOverlap
    case .kind, .kindOfField, .lack, .length, .distinct: .valueType
    case .words, .wordsOfField: .enumValues
    case .unique, .uniqueOfField: .uniqueIDs
    case .neighbour, .neighbourOfField: .neighbour
    case .rival, .rivalOfField, .numbered, .numberedOfField, .field, .first, .givenValues: nil
    case .none, .noneName, .noneGap, .noneWord, .noneWordOfEntity, .nonePair, .noneKind, .noneUnique, .noneUnknown,
      .noneEmpty, .noneLength, .noneWords, .noneNumbered, .noneRival:
      nil
    }
  }
}

/// One feature, as one number: the template, then twice 28 bits.
struct Feature: Hashable, Sendable {
  let packed: UInt64

  init(_ template: FeatureTemplate, _ first: Int = 0, _ second: Int = 0) {
    packed = UInt64(template.rawValue) << 56 | UInt64(first) << 28 | UInt64(second)
  }

  var template: FeatureTemplate? { FeatureTemplate(rawValue: UInt8(packed >> 56)) }
  var first: Int { Int(packed >> 28 & 0xFFF_FFFF) }
  var second: Int { Int(packed & 0xFFF_FFFF) }

  /// Two meanings as one argument.
  static func pair(_ one: Meaning, _ other: Meaning) -> Int {
    Int(min(one, other)) << 12 | Int(max(one, other))
  }

  /// A kind of cell with a step of its share.
  static func kind(_ kind: Int, _ step: Int) -> Int { kind * 8 + step }
}

extension Feature {
  /// As the model's file names it, by words and not by places, so that the lexicon may grow: group
  /// `word|case.closed_at`, member `closed`.
  var name: (group: String, member: String)? {
    guard let template else { return nil }
    let (one, two) = template.arguments
    return (
      two == .nothing ? "\(template)" : "\(template)|\(Self.text(two, second))",
      one == .nothing ? "" : Self.text(one, first)
    )
  }

  /// Reads a name; `nil` where it speaks of something that is not known any more.
  init?(group: String, member: String) {
    let parts = group.split(separator: "|", maxSplits: 1)
    guard let template = parts.first.flatMap({ Self.templates[$0] }) else { return nil }
    let (one, two) = template.arguments
    let last = parts.count == 2 ? parts[1] : ""
    guard let first = Self.value(one, member[...]), let second = Self.value(two, last) else { return nil }
    self.init(template, first, second)
  }

  private static let templates: [Substring: FeatureTemplate] = Dictionary(
    uniqueKeysWithValues: FeatureTemplate.allCases.map { (Substring("\($0)"), $0) })
  private static let groups = FieldGroup.allCases
  private static let kinds = CellKind.allCases

  private static func text(_ argument: FeatureTemplate.Argument, _ value: Int) -> String {
    switch argument {
    case .nothing: ""
    case .step: String(value)
    case .meaning: WordLexicon.shared.names[value]
    case .meanings: "\(WordLexicon.shared.names[value >> 12])+\(WordLexicon.shared.names[value & 0xFFF])"
    case .group: groups[value].rawValue
    case .field: FieldPlace.names[value]
    case .entity: ImportEntity.allCases[value].rawValue
    case .kind: "\(kinds[value / 8].rawValue):\(value % 8)"
    }
  }

  private static func value(_ argument: FeatureTemplate.Argument, _ text: Substring) -> Int? {
    switch argument {
    case .nothing: return 0
    case .step: return Int(text)
    case .meaning: return WordLexicon.shared.places[String(text)].map(Int.init)
    case .meanings:
      let words = text.split(separator: "+").compactMap { WordLexicon.shared.places[String($0)] }
      return words.count == 2 ? pair(words[0], words[1]) : nil
    case .group: return FieldGroup(rawValue: String(text)).flatMap(groups.firstIndex)
    case .field: return FieldPlace.places[String(text)]
    case .entity: return ImportEntity(rawValue: String(text)).flatMap(ImportEntity.allCases.firstIndex)
    case .kind:
      let parts = text.split(separator: ":")
      guard parts.count == 2, let kind = CellKind(rawValue: String(parts[0])), let step = Int(parts[1]) else {
        return nil
      }
      return kinds.firstIndex(of: kind).map { self.kind($0, step) }
    }
  }
}

/// Every field of every entity in one row, `case.status`.
enum FieldPlace {
  static let names: [String] = ImportEntity.allCases.flatMap { entity in
    TargetSchema.fields(of: entity).map { "\(entity.rawValue).\($0.name)" }
  }
  static let places: [String: Int] = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
  /// Where an entity's fields begin.
  static let beginnings: [ImportEntity: Int] = {
    var beginnings: [ImportEntity: Int] = [:]
    var next = 0
    for entity in ImportEntity.allCases {
      beginnings[entity] = next
      next += TargetSchema.fields(of: entity).count
    }
    return beginnings
  }()
}

// Other tables that could have been: the same columns with other spellings, cut off, mistyped, translated, without
// values. They teach that a name matters less than what it means.

import EthicoTypes

/// A table to learn from, and what is to be hidden of it.
struct TrainingTable: Sendable {
  let table: CorpusTable
  let hasRows: Bool
  /// Columns whose header no known name is to be spelled like.
  let hidden: Set<Int>
  let weight: Double
}

/// Makes tables out of tables.
struct Augmentation: Sendable {
  /// How many tables one becomes.
  static let factor = 20
  private static let lexicon = WordLexicon.shared

  /// A table as it is, without values, and in eighteen other forms.
  static func variants(of table: CorpusTable, seed: UInt64) -> [TrainingTable] {
    var dice = SplitMix64(seed: seed)
    var variants = [
      TrainingTable(table: table, hasRows: true, hidden: hidden(table, 0.35, &dice), weight: 2),
      TrainingTable(table: table, hasRows: false, hidden: hidden(table, 0.35, &dice), weight: 1),
    ]
    while variants.count < factor { variants.append(variant(of: table, &dice)) }
    return variants
  }

  private static func hidden(_ table: CorpusTable, _ share: Double, _ dice: inout SplitMix64) -> Set<Int> {
    var hidden: Set<Int> = []
    for column in table.columns.indices where dice.chance(share) { hidden.insert(column) }
    return hidden
  }

  private static func variant(of table: CorpusTable, _ dice: inout SplitMix64) -> TrainingTable {
    let hasRows = !dice.chance(0.3)
    let style = dice.below(9)
    let tongue: Int? = dice.chance(0.15) ? dice.below(6) : nil
    let dropped = dice.chance(0.6) ? 0.3 : 0
    var columns: [CorpusColumn] = []
    for column in table.columns where !dice.chance(dropped) {
      columns.append(change(column, hasRows, style, tongue, columns.count, &dice))
    }
    if columns.isEmpty { columns = table.columns }
    let changed = CorpusTable(system: table.system, entity: table.entity, name: table.name, columns: columns)
    return TrainingTable(table: changed, hasRows: hasRows, hidden: hidden(changed, 0.5, &dice), weight: 0.5)
  }

  private static func change(
    _ column: CorpusColumn, _ hasRows: Bool, _ style: Int, _ tongue: Int?, _ place: Int, _ dice: inout SplitMix64
  ) -> CorpusColumn {
    var header = column.header
    var target = column.target
    if let tongue { header = translated(header, tongue, &dice) }
    if dice.chance(0.08) { header = abbreviated(header, &dice) }
    if dice.chance(0.05) { header = mistyped(header, &dice) }
    if dice.chance(0.04) { header = String(header.prefix(max(4, header.count * 2 / 3))) }
    header = styled(header, style)
    let isEmpty = hasRows && dice.chance(0.04)
    if dice.chance(0.02) {
      header = "Column\(place + 1)"
      if !hasRows || isEmpty { target = nil }
    }
    var values: [String] = []
    if hasRows, !isEmpty {
      let keep = 0.5 + 0.5 * Double(dice.below(100)) / 100
      let blanks = dice.chance(0.2) ? 0.4 : 0
      for value in column.values where dice.chance(keep) { values.append(dice.chance(blanks) ? "" : value) }
    }
    return CorpusColumn(header: header, target: target, origin: column.origin, values: values)
  }

  /// Each word that the lexicon knows in another language, with one meaning.
  private static func translated(_ header: String, _ tongue: Int, _ dice: inout SplitMix64) -> String {
    let parts = NameParts(header)
    var words: [String] = []
    for word in parts.words {
      guard let form = lexicon.known(word), let entry = lexicon.entries[form], entry.meanings.count == 1,
        let other = dice.pick(Array(lexicon.forms[Int(entry.meanings[0])].dropFirst(tongue).first?.prefix(4) ?? []))
      else {
        words.append(word)
        continue
      }
      words.append(other)
    }
    return (words + parts.numbers.map(String.init)).joined(separator: " ")
  }

  private static func abbreviated(_ header: String, _ dice: inout SplitMix64) -> String {
    let isVowelless = dice.chance(0.4)
    return header.split(separator: " ").map { word in
      guard word.count > 5 else { return String(word) }
      return isVowelless ? WordLexicon.skeleton(word.lowercased()) : String(word.prefix(4))
    }.joined(separator: " ")
  }

  private static func mistyped(_ header: String, _ dice: inout SplitMix64) -> String {
    var letters = Array(header)
    guard letters.count > 5 else { return header }
    let place = 1 + dice.below(letters.count - 2)
    if dice.chance(0.5) { letters.swapAt(place, place + 1) } else { letters.remove(at: place) }
    return String(letters)
  }

  private static func styled(_ header: String, _ style: Int) -> String {
    let parts = NameParts(header)
    let words = parts.words + parts.numbers.map(String.init)
    switch style {
    case 0: return words.joined(separator: "_")
    case 1: return words.joined(separator: "_").uppercased()
    case 2: return words.enumerated().map { $0 == 0 ? $1 : $1.capitalizedFirst }.joined()
    case 3: return words.map(\.capitalizedFirst).joined()
    case 4: return words.joined(separator: " ")
    case 5: return words.map(\.capitalizedFirst).joined(separator: " ")
    default: return header
    }
  }
}

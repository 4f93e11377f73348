// The categories that a client has in use, and which of them a source's word means.

package import Access
package import Mapping
package import Postgres

/// A category of the client's, as a record names it.
package struct CategoryWord: Sendable, Hashable {
  /// Its name, or its code where another one has that name too.
  package let word: String
  /// As people read it, with what it stands below.
  package let label: String
  let code: String
  /// The code of the category that it stands below.
  let parentCode: String?
  let names: [String]

  /// - Parameters:
  ///   - parent: the name of the category that it stands below.
  ///   - parentCode: its code.
  package init(
    name: String, code: String, parent: String? = nil, parentCode: String? = nil, isNameShared: Bool = false
  ) {
    self.code = code
    self.parentCode = parentCode
    word = isNameShared ? code : name
    label = parent.map { "\($0) › \(name)" } ?? name
    names = [ValueWords.fold(name), ValueWords.fold(code)].filter { !$0.isEmpty }
  }
}

/// What a client sorts its cases by.
package struct ClientCategories: Sendable, Hashable {
  package let all: [CategoryWord]
  private let byName: [String: String]
  private let byWord: [String: CategoryWord]
  /// By the code of what they stand below.
  private let byNameBelow: [String: [String: String]]
  private let named: [Named]
  /// Where the names stand in `named` that have a word with this beginning.
  private let byBeginning: [Substring: [Int]]

  /// A name of a category, in its words.
  private struct Named: Sendable, Hashable {
    let category: String
    let words: Set<Substring>
  }

  package init(_ all: [CategoryWord]) {
    self.all = all
    byName = Self.byName(all)
    byWord = Dictionary(all.map { ($0.word, $0) }) { first, _ in first }
    let below = Dictionary(grouping: all.filter { $0.parentCode != nil }) { $0.parentCode ?? "" }
    byNameBelow = below.mapValues(Self.byName)
    let named = all.flatMap { category in
      category.names.map { Named(category: category.word, words: Self.words($0)) }
    }
    self.named = named
    byBeginning = Dictionary(
      grouping: named.indices.flatMap { place in
        Set(named[place].words.map(Self.beginning)).map { (beginning: $0, place: place) }
      }, by: \.beginning
    ).mapValues { $0.map(\.place) }
  }

  /// Whether the values of a column are categories, so that somebody decides about those that are not here.
  package static func areNamed(by target: String, of entity: ImportEntity) -> Bool {
    entity == .case && (target == SourceCategory.target || target == SourceCategory.targetBelow)
  }

  private static func byName(_ categories: [CategoryWord]) -> [String: String] {
    Dictionary(categories.flatMap { category in category.names.map { ($0, category.word) } }) { first, _ in first }
  }

  /// The category of that name or code, however it is spelt.
  func match(_ value: String) -> String? { byName[ValueWords.fold(value)] }

  /// The same among those that stand below one of them; none stands below what is none of them.
  func match(_ value: String, below category: String) -> String? {
    find(category).flatMap { byNameBelow[$0.code]?[ValueWords.fold(value)] }
  }

  /// Those that stand below one of them.
  func below(_ category: String) -> ClientCategories {
    let code = find(category)?.code
    return ClientCategories(code == nil ? [] : all.filter { $0.parentCode == code })
  }

  /// Whether a further one can stand below a category: there are two levels, and what is new begins on the first.
  func mayStandBelow(_ category: String) -> Bool { find(category)?.parentCode == nil }

  /// A category as people read it, with what it stands below.
  func label(of category: String) -> String { find(category)?.label ?? category }

  private func find(_ category: String) -> CategoryWord? { match(category).flatMap { byWord[$0] } }

  /// The one that is nearest by its words, if any is near: for somebody to look at, never taken unasked.
  func near(_ value: String) -> String? {
    let said = Self.words(ValueWords.fold(value))
    let places = Set(said.flatMap { byBeginning[Self.beginning($0)] ?? [] }).sorted()
    let nearest = places.map { (category: named[$0].category, likeness: Self.likeness(said, named[$0].words)) }
      .max { $0.likeness < $1.likeness }
    return nearest.flatMap { $0.likeness >= Self.nearness ? $0.category : nil }
  }

  /// Words that are alike begin alike.
  private static func beginning(_ word: Substring) -> Substring { word.prefix(4) }

  /// Half of the words of the shorter one are enough.
  private static let nearness = 0.5

  /// Words that say something: short ones, as `of`, only where there is no other.
  private static func words(_ name: String) -> Set<Substring> {
    let all = Set(name.split(separator: "_"))
    let long = all.filter { $0.count > 3 }
    return long.isEmpty ? all : long
  }

  /// The share of the shorter one's words that both have, and a little for how few others there are.
  private static func likeness(_ one: Set<Substring>, _ other: Set<Substring>) -> Double {
    let shared = one.count { word in other.contains { alike(word, $0) } }
    guard shared > 0 else { return 0 }
    return Double(shared) / Double(min(one.count, other.count)) + 0.01 / Double(one.count + other.count)
  }

  /// One that begins as the other, as a plural does, is the same.
  private static func alike(_ one: Substring, _ other: Substring) -> Bool {
    if one == other { return true }
    let length = min(one.count, other.count)
    return length >= 5 && one.prefix(length - 1) == other.prefix(length - 1) && abs(one.count - other.count) <= 3
  }

  /// The longest name that a category can have, in characters.
  package static let nameLimit = 100
}

extension ClientCategories {
  /// Those in use, in the client's order.
  package static func inUse(in tx: AuditedTransaction) async throws -> ClientCategories {
    ClientCategories(
      try await tx.query(
        """
        SELECT k.name, k.code, p.name AS parent_name, p.code AS parent_code, EXISTS (
          SELECT FROM category o
          WHERE o.tenant_id = k.tenant_id AND o.id <> k.id AND lower(o.name) = lower(k.name)
            AND o.retired_at IS NULL) AS is_name_shared
        FROM category k
        LEFT JOIN category p ON p.tenant_id = k.tenant_id AND p.id = k.parent_id
        WHERE k.retired_at IS NULL
        ORDER BY COALESCE(p.position, k.position), COALESCE(p.name, k.name), k.parent_id IS NOT NULL, k.position, k.name
        LIMIT 1000
        """, as: CategoryWord.self))
  }
}

extension CategoryWord: RowDecodable {
  package init(row: Row) throws {
    self.init(
      name: try row["name"], code: try row["code"], parent: try row["parent_name"],
      parentCode: try row["parent_code"], isNameShared: try row["is_name_shared"])
  }
}

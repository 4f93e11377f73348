// What was decided about a source's words holds for its next file as long as what it led to is there.

import EthicoTypes
import Mapping
import Testing

@testable import Migration

@Suite("What values became before")
struct ValueMemoryTests {
  private static let own = ClientCategories([
    CategoryWord(name: "Theft", code: "THF"),
    CategoryWord(name: "Cash", code: "CSH", parent: "Theft", parentCode: "THF"),
    CategoryWord(name: "Witchcraft", code: "WIT"),
    CategoryWord(name: "Spells", code: "SPL", parent: "Witchcraft", parentCode: "WIT"),
  ])

  private func standing(
    _ target: String, _ value: String, _ act: ValueMapping.Act, above: [String: ValueMapping.Act] = [:]
  ) -> ValueMapping.Act? {
    ValueMapping(target: target, value: value, act: act).standing(in: .case, Self.own, above)?.act
  }

  @Test("is the same word, a category by its name or code, nothing, or a row that stays behind")
  func same() {
    #expect(standing("status", "Purple", .value("open/review")) == .value("open/review"))
    #expect(standing("category", "Larceny", .value("Theft")) == .value("Theft"))
    #expect(standing("category", "Larceny", .value("THF")) == .value("Theft"))
    #expect(standing("category", "Rain", .empty) == .empty)
    #expect(standing("category", "Rain", .reject) == .reject)
  }

  @Test("is the category that was made then, below what its own became")
  func made() {
    #expect(standing("category", "Sorcery", .newCategory("Witchcraft")) == .value("Witchcraft"))
    let spells = SourceCategory(category: "Sorcery", below: "Charms").key
    let above: [String: ValueMapping.Act] = ["Sorcery": .newCategory("Witchcraft")]
    #expect(standing("subcategory", spells, .newCategory("Spells"), above: above) == .value("Spells"))
    let elsewhere: [String: ValueMapping.Act] = ["Sorcery": .value("Theft")]
    #expect(standing("subcategory", spells, .newCategory("Spells"), above: elsewhere) == nil)
    let constant = SourceCategory(category: "", below: "Till").key
    #expect(standing("subcategory", constant, .newCategory("Cash")) == .value("Cash"))
  }

  @Test("is asked again where what it led to is gone")
  func gone() {
    #expect(standing("category", "Rain", .value("Weather")) == nil)
    #expect(standing("category", "Rain", .newCategory("Weather")) == nil)
    #expect(standing("status", "Purple", .value("violet")) == nil)
    #expect(standing("subcategory", "[\"Sorcery\",\"cut", .newCategory("Spells")) == nil)
  }
}

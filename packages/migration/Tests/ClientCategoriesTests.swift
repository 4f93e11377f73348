// Which of a client's categories a source's word means.

import Testing

@testable import Migration

@Suite("A client's categories")
struct ClientCategoriesTests {
  private static let own = ClientCategories([
    CategoryWord(name: "Theft", code: "THF"), CategoryWord(name: "Harassment", code: "HAR"),
    CategoryWord(name: "Health and safety", code: "HSE"), CategoryWord(name: "Belästigung", code: "BEL"),
    CategoryWord(name: "Other", code: "OTH-1", parent: "Theft", isNameShared: true),
  ])

  @Test(
    "are meant by their name or code, however it is spelt",
    arguments: [
      ("theft", "Theft"), ("  HEALTH & AND SAFETY", "Health and safety"), ("har", "Harassment"),
      ("belastigung", "Belästigung"), ("oth-1", "OTH-1"), ("Theft of time", nil), ("", nil), ("–", nil),
    ])
  func match(value: String, word: String?) {
    #expect(Self.own.match(value) == word)
  }

  @Test(
    "are near where half of the words are theirs",
    arguments: [
      ("Theft of time", "Theft"), ("Thefts", "Theft"), ("Sexual harassment", "Harassment"),
      ("Health concerns", "Health and safety"), ("Sorcery", nil), ("Of and by", nil), ("", nil),
    ])
  func near(value: String, word: String?) {
    #expect(Self.own.near(value) == word)
  }

  @Test("are looked for among those below one of them, which takes further ones on top alone")
  func below() {
    let own = ClientCategories([
      CategoryWord(name: "Theft", code: "THF"),
      CategoryWord(name: "Cash", code: "CSH", parent: "Theft", parentCode: "THF"),
      CategoryWord(name: "Stock", code: "STK", parent: "Theft", parentCode: "THF"),
      CategoryWord(name: "Harassment", code: "HAR"),
    ])
    #expect(own.match("cash", below: "THF") == "Cash" && own.match("cash", below: "Harassment") == nil)
    #expect(own.match("cash", below: "Sorcery") == nil && own.below("theft").all.map(\.word) == ["Cash", "Stock"])
    #expect(own.below("Theft").near("Stock on hand") == "Stock" && own.below("Harassment").near("Stock") == nil)
    #expect(own.mayStandBelow("Theft") && own.mayStandBelow("Sorcery") && !own.mayStandBelow("Cash"))
    #expect(own.label(of: "CSH") == "Theft › Cash" && own.label(of: "Sorcery") == "Sorcery")
  }

  @Test("say what they stand below, and go by their code where a name is not theirs alone")
  func shared() {
    #expect(Self.own.all.last?.label == "Theft › Other" && Self.own.all.last?.word == "OTH-1")
  }
}

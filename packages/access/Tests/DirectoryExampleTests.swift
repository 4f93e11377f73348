// The searches that home offers on a first day: taken from the clients there are.

import Testing

@testable import Access

@Suite("Examples of the directory")
struct DirectoryExampleTests {
  private func examples(_ clients: (name: String, domains: [String])...) -> DirectoryExamples? {
    DirectoryExamples(clients.map { DirectoryExamples.Named(name: $0.name, domains: $0.domains) })
  }

  @Test("are a name's beginning, another client's domain and a name with a letter left out")
  func three() throws {
    let found = try #require(
      examples(
        (name: "Acme Health", domains: ["acme-health.example"]), (name: "Alpine Bank", domains: ["alpine-bank.example"])
      ))
    #expect(found.beginning == "acme" && found.domain == "alpine-bank.example" && found.mistyped == "acme helth")
  }

  @Test("of one client are its own, and what it has no words for is left out")
  func one() throws {
    let alone = try #require(examples((name: "Ümit Öl 2000", domains: ["umit.example"])))
    #expect(alone.beginning == "ümit" && alone.domain == "umit.example" && alone.mistyped == nil)
    let bare = try #require(examples((name: "Nestor", domains: [])))
    #expect(bare.beginning == "nestor" && bare.domain == nil && bare.mistyped == nil)
    let long = try #require(examples((name: "Nestor", domains: []), (name: "Quarryworks", domains: [])))
    #expect(long.mistyped == "qurryworks")
  }

  @Test("of an empty directory are none")
  func none() {
    #expect(examples() == nil)
  }
}

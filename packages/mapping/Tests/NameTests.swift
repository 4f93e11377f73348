// Headers are compared by what they mean, whatever case, language or abbreviation they are written in.

import Testing

@testable import Mapping

@Suite("Names")
struct NameTests {
  private func meanings(_ header: String, among headers: [String] = []) -> Set<String> {
    let names = HeaderName.read([header] + headers).names
    return Set(names[0].meanings.map { WordLexicon.shared.names[Int($0)] })
  }

  @Test(
    "are split at capitals, digits and signs",
    arguments: [
      ("caseNumber", ["case", "number"], [Int]()), ("CASE_NUMBER", ["case", "number"], []),
      ("IDNumber", ["id", "number"], []), ("Issue2Type", ["issue", "type"], [2]), ("Case #", ["case", "#"], []),
      ("Ownership %", ["ownership", "percent"], []), ("Status_v2", ["status"], []),
      ("Prénom de l’employé", ["prenom", "de", "l", "employe"], []), ("ﬁle name", ["file", "name"], []),
    ])
  func parts(header: String, words: [String], numbers: [Int]) {
    let parts = NameParts(header)
    #expect(parts.words == words && parts.numbers == numbers)
  }

  @Test(
    "mean the same in every language",
    arguments: [
      ("Date closed", "Fecha de cierre"), ("Date closed", "Date de clôture"), ("Date closed", "Abschlussdatum"),
      ("Date closed", "Data di chiusura"), ("Date closed", "Data de encerramento"), ("Case number", "Fallnummer"),
      ("Case number", "caseno"), ("Country", "País"), ("Language", "Sprache"),
    ])
  func languages(one: String, other: String) {
    #expect(!meanings(one).intersection(meanings(other)).subtracting(["of", "on", "is"]).isEmpty)
    #expect(meanings(one).subtracting(["of"]).isSubset(of: meanings(other)) || meanings(other).count > 1)
  }

  @Test(
    "are understood abbreviated, cut off and mistyped",
    arguments: [
      ("EFF_DT", "effective"), ("RPTR_NM", "reporter"), ("Descr", "description"), ("Departmnt", "department"),
      ("Categroy", "category"), ("Attachmt", "attachment"), ("clsd", "closed"), ("policies", "policy"),
    ])
  func abbreviations(header: String, meaning: String) {
    #expect(meanings(header).contains(meaning))
  }

  @Test("lose what most headers begin with, but not when few do")
  func prefix() {
    let headers = ["incident_number", "incident_status", "incident_owner", "incident_site", "incident_type", "notes"]
    let names = HeaderName.read(headers).names
    #expect(names[1].keyWithoutPrefix == "status")
    #expect(names[1].key == "incidentstatus")
    let few = HeaderName.read(["incident_number", "status", "owner", "site", "incident_type"]).names
    #expect(few[0].keyWithoutPrefix == "incidentnumber")
  }

  @Test("are read in the language of their table")
  func ambiguity() {
    // `Art` is a kind in German, and nothing of ours in English.
    #expect(meanings("Art", among: ["Fallnummer", "Eingangsdatum", "Bearbeiter"]).contains("type"))
  }

  @Test("Jaro–Winkler and Levenshtein are what their authors wrote")
  func similarities() {
    #expect(abs(JaroWinkler.similarity("martha", "marhta") - 0.9611) < 0.0001)
    #expect(abs(Levenshtein.similarity("kitten", "sitting") - (1 - 3.0 / 7)) < 0.0001)
  }
}

// How interpolated SQL becomes text and parameters; needs no database.

import EthicoTypes
import Postgres
import Testing

@Suite("SQL")
struct SQLTests {
  @Test("numbers its parameters")
  func numbers() {
    let sql: SQL = "SELECT \(1), \("two") WHERE \(true)"
    #expect(sql.text == "SELECT $1, $2 WHERE $3")
  }

  @Test("renumbers the parameters of a spliced fragment")
  func splices() {
    let fragment: SQL = "a = \(1) AND b = \(2)"
    let sql: SQL = "SELECT \(0) WHERE \(fragment: fragment) OR \(fragment: fragment) LIMIT \(3)"
    #expect(sql.text == "SELECT $1 WHERE a = $2 AND b = $3 OR a = $4 AND b = $5 LIMIT $6")
    #expect((fragment + " LIMIT \(3)").text == "a = $1 AND b = $2 LIMIT $3")
  }

  @Test("keeps a digit apart from the parameter before it")
  func keepsDigitsApart() {
    let sql: SQL = "SELECT \(1)2"
    #expect(sql.text == "SELECT $1 2")
  }

  @Test("never lets a value into the text")
  func bindsHostileText() {
    let name = "'; DROP TABLE tenant; --"
    let sql: SQL = "SELECT \(name), \([name]), \(Tier.plg), \([Tier.smb]), \(nil as Tier?)"
    #expect(sql.text == "SELECT $1, $2, $3, $4, $5")
  }
}

// Dates to the microsecond, on both sides of every zero there is.

import EthicoTypes
import FoundationEssentials
import Postgres
import Testing

@Suite("A date")
struct DateTests {
  /// Seconds since 1970, and how PostgreSQL writes the moment in UTC.
  static let moments: [(Double, String)] = [
    (0, "1970-01-01 00:00:00+00"),
    (-0.000001, "1969-12-31 23:59:59.999999+00"),
    (946_684_800, "2000-01-01 00:00:00+00"),
    (946_684_799.999999, "1999-12-31 23:59:59.999999+00"),
    (1_772_357_400.123456, "2026-03-01 09:30:00.123456+00"),
    (951_782_400, "2000-02-29 00:00:00+00"),
    (-2_208_988_800.5, "1899-12-31 23:59:59.5+00"),
    (-62_135_596_800, "0001-01-01 00:00:00+00"),
    (-62_135_596_801, "0001-12-31 23:59:59+00 BC"),
    (253_402_300_799, "9999-12-31 23:59:59+00"),
  ]

  @Test("is the moment that PostgreSQL reads, bound and copied", arguments: moments)
  func agrees(_ seconds: Double, _ text: String) async throws {
    try await TestDatabase.lend { (database, test) async throws in
      let date = Date(timeIntervalSince1970: seconds)
      #expect(try await database.query(test.role, "SELECT \(date)::text", as: String.self) == [text])
      let copied: SQL = "SELECT \(date.postgresText)::timestamptz::text"
      #expect(try await database.query(test.role, copied, as: String.self) == [text])
      #expect(try await database.query(test.role, "SELECT \(text)::timestamptz", as: Date.self) == [date])
    }
  }

  @Test("that a timepiece tells returns equal")
  func returnsEqual() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      let dates = (0..<2000).map { index in
        Timepiece { Date(timeIntervalSince1970: 1_600_000_000 + Double(index) * 123_456.789_012_345) }.now()
      }
      #expect(try await database.query(test.role, "SELECT \(dates)", as: [Date].self) == [dates])
    }
  }

  @Test("that PostgreSQL cannot count is refused", arguments: [Double.nan, .infinity, 1e300, -1e13])
  func refuses(_ seconds: Double) async throws {
    try await TestDatabase.lend { (database, test) async throws in
      await #expect(throws: BindingError.dateOutOfRange) {
        try await database.execute(test.role, "SELECT \(Date(timeIntervalSince1970: seconds))")
      }
    }
  }

  @Test("cannot be read from infinity")
  func refusesInfinity() async throws {
    try await TestDatabase.lend { (database, test) async throws in
      await #expect(throws: RowError.self) {
        try await database.query(test.role, "SELECT 'infinity'::timestamptz", as: Date.self)
      }
    }
  }
}

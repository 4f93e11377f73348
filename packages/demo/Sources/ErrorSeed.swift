// What went wrong at a client these days: one fault that many ran into and nobody has mended, a few smaller ones, and
// the failures of its dead mail. Their messages are made by the code that would have made them.

import Access
import Errors
import EthicoTypes
import FoundationEssentials
import Glibc
import Jobs
import Postgres

struct ErrorSeed: Sendable {
  let ledger: Ledger
  let client: SeedClient
  let anchor: Date
  /// Who of us was there.
  let staff: [ID<Staff>]

  func run(using random: inout SplitMix64) async throws {
    let people = try await inside { tx in
      try await tx.query(
        "SELECT id FROM client_user WHERE state = 'active' ORDER BY email LIMIT 17", as: ID<ClientUser>.self)
    }
    var groups = [
      overflow(people, using: &random), missingDay(people, using: &random), refusedSetting(people, using: &random),
      slowPolicies(people, using: &random),
    ]
    groups += try await failedMails()
    let rows = groups.map { GroupRow($0, ids: ledger.ids) }
    try await store(rows)
  }

  // MARK: What went wrong

  /// The one to find: a number of days too large for its column, since six days, worse with each.
  private func overflow(_ people: [ID<ClientUser>], using random: inout SplitMix64) -> SeedError {
    let error = PostgresError(sqlState: SQLState(rawValue: "22003"), message: "integer out of range")
    let times = (0..<142).map { index -> Date in
      let share = Double(index) / 142
      return anchor.addingTimeInterval(-6 * 86_400 * pow(1 - share, 1.4) - Double.random(in: 400..<900, using: &random))
    }
    return SeedError(
      ErrorOccurrence(.request, at: "attestation.list", error),
      times.map { met(people, at: $0, using: &random) })
  }

  private func missingDay(_ people: [ID<ClientUser>], using random: inout SplitMix64) -> SeedError {
    let error = RowError.null(column: "due_at", expected: "Date")
    return SeedError(
      ErrorOccurrence(.request, at: "case.show", error),
      times(11, within: 9, using: &random).map { met(Array(people.prefix(3)), at: $0, using: &random) })
  }

  /// Somebody thought that it was mended.
  private func refusedSetting(_ people: [ID<ClientUser>], using random: inout SplitMix64) -> SeedError {
    var error = PostgresError(
      sqlState: SQLState(rawValue: "23514"),
      message: #"new row for relation "tenant_setting" violates check constraint "tenant_setting_value_length""#)
    error.constraint = "tenant_setting_value_length"
    var found = SeedError(
      ErrorOccurrence(.request, at: "tenant_setting.set", error),
      times(7, within: 12, using: &random).map { met(Array(people.prefix(2)), at: $0, using: &random) })
    found.state = .regressed
    found.resolvedRelease = "0.0.8"
    return found
  }

  private func slowPolicies(_ people: [ID<ClientUser>], using random: inout SplitMix64) -> SeedError {
    var found = SeedError(
      ErrorOccurrence(.request, at: "policy.version", RowError.moreThanOneRow),
      times(3, within: 4, using: &random).map { met(Array(people.suffix(2)), at: $0, using: &random) })
    found.state = .muted
    found.mutedUntil = anchor.addingTimeInterval(20 * 86_400)
    return found
  }

  /// The failures of its jobs, as their attempts tell them.
  private func failedMails() async throws -> [SeedError] {
    let attempts = try await inside { tx in
      try await tx.query(
        """
        SELECT j.kind, a.job_id, a.number, a.error, a.ended_at
        FROM job_attempt a
        JOIN job j ON j.tenant_id = a.tenant_id AND j.id = a.job_id
        WHERE a.outcome = 'failed'
        ORDER BY a.ended_at
        """, as: FailedAttempt.self)
    }
    let alike = Dictionary(grouping: attempts) { ErrorText(replacingVariablesIn: $0.error) }
    return alike.sorted { $0.key.description < $1.key.description }.map { message, attempts in
      SeedError(
        ErrorOccurrence(.job, at: attempts[0].kind, message),
        attempts.map { attempt in
          SeedTime(
            at: attempt.at, release: release(at: attempt.at), request: attempt.job.description,
            attempt: attempt.number)
        })
    }
  }

  // MARK: When, and to whom

  private func times(_ count: Int, within days: Double, using random: inout SplitMix64) -> [Date] {
    (0..<count).map { _ in anchor.addingTimeInterval(-Double.random(in: 900..<days * 86_400, using: &random)) }.sorted()
  }

  private func met(_ people: [ID<ClientUser>], at moment: Date, using random: inout SplitMix64) -> SeedTime {
    let request: ID<Request> = ledger.ids.next(at: moment)
    return SeedTime(
      at: moment, release: release(at: moment), request: request.description,
      staff: random.pick(staff).description, subject: random.chance(0.8) ? random.pick(people).description : nil)
  }

  /// Two releases came before the present one.
  private func release(at moment: Date) -> String {
    switch anchor.timeIntervalSince(moment) {
    case ..<(2 * 86_400): ledger.release
    case ..<(4 * 86_400): "0.0.9"
    default: "0.0.8"
    }
  }

  // MARK: Storing

  private func inside<Result: Sendable>(
    _ body: @Sendable (AuditedTransaction) async throws -> Result
  ) async throws -> Result {
    try await ledger.tenant(by: Seed.author(ledger.ids, at: anchor).on(client.id), body)
  }

  private func store(_ groups: [GroupRow]) async throws {
    let tenant = client.id
    let rows = try JSONText.rows(groups)
    let hours = try JSONText.rows(groups.flatMap(\.hours))
    let samples = try JSONText.rows(groups.flatMap(\.samples))
    try await inside { tx in
      try await tx.execute(
        """
        INSERT INTO error_group (tenant_id, id, fingerprint, kind, place, message, state, muted_until, resolved_release,
          total, people, first_at, last_at, first_release, last_release)
        SELECT \(tenant), id, decode(fingerprint, 'hex'), kind, place, message, state, muted_until, resolved_release,
          total, people, first_at, last_at, first_release, last_release
        FROM jsonb_to_recordset(\(rows)) AS r (id uuid, fingerprint text, kind text, place text, message text,
          state text, muted_until timestamptz, resolved_release text, total bigint, people uuid[],
          first_at timestamptz, last_at timestamptz, first_release text, last_release text)
        """)
      try await tx.execute(
        """
        INSERT INTO error_hour (tenant_id, group_id, hour, count)
        SELECT \(tenant), group_id, date_trunc('hour', at, 'UTC'), count(*)
        FROM jsonb_to_recordset(\(hours)) AS r (group_id uuid, at timestamptz)
        GROUP BY group_id, date_trunc('hour', at, 'UTC')
        """)
      try await tx.execute(
        """
        INSERT INTO error_sample (tenant_id, group_id, number, at, request_id, release, status, staff_id, subject_id,
          context)
        SELECT \(tenant), group_id, number, at, request_id, release, status, staff_id, subject_id, context
        FROM jsonb_to_recordset(\(samples)) AS r (group_id uuid, number bigint, at timestamptz, request_id uuid,
          release text, status integer, staff_id uuid, subject_id uuid, context jsonb)
        """)
    }
  }
}

/// Errors that are alike, before they are rows.
private struct SeedError: Sendable {
  let occurrence: ErrorOccurrence
  /// In their order.
  let times: [SeedTime]
  var state = ErrorState.open
  var mutedUntil: Date?
  var resolvedRelease: String?

  init(_ occurrence: ErrorOccurrence, _ times: [SeedTime]) {
    self.occurrence = occurrence
    self.times = times
  }
}

private struct SeedTime: Sendable {
  let at: Date
  let release: String
  let request: String
  var staff: String?
  var subject: String?
  var attempt: Int?
}

private struct FailedAttempt: Sendable, RowDecodable {
  let kind: String
  let job: ID<JobRecord>
  let number: Int
  let error: String
  let at: Date

  init(row: Row) throws {
    kind = try row["kind"]
    job = try row["job_id"]
    number = try row["number"]
    error = try row["error"]
    at = try row["ended_at"]
  }
}

/// A group as the database reads it from JSON, with what lies below it.
private struct GroupRow: Encodable, Sendable {
  let id: String
  let fingerprint: String
  let kind: String
  let place: String
  let message: String
  let state: String
  let mutedUntil: Date?
  let resolvedRelease: String?
  let total: Int
  let people: [String]
  let firstAt: Date
  let lastAt: Date
  let firstRelease: String
  let lastRelease: String
  let hours: [HourRow]
  let samples: [SampleRow]

  enum CodingKeys: String, CodingKey {
    case id, fingerprint, kind, place, message, state, mutedUntil, resolvedRelease, total, people, firstAt, lastAt,
      firstRelease, lastRelease
  }

  init(_ error: SeedError, ids: IDSource) {
    let occurrence = error.occurrence
    let times = error.times.sorted { $0.at < $1.at }
    let group: ID<ErrorGroup> = ids.next(at: times[0].at)
    id = group.description
    fingerprint = Fingerprint(occurrence.kind, occurrence.place, occurrence.message).text
    kind = occurrence.kind.rawValue
    place = occurrence.place
    message = occurrence.message.description
    state = error.state.rawValue
    mutedUntil = error.mutedUntil
    resolvedRelease = error.resolvedRelease
    total = times.count
    people = Set(times.compactMap { $0.subject ?? $0.staff }).sorted()
    firstAt = times[0].at
    lastAt = times[times.count - 1].at
    firstRelease = times[0].release
    lastRelease = times[times.count - 1].release
    hours = times.map { HourRow(groupID: group.description, at: $0.at) }
    samples = times.enumerated().filter { $0.offset < 5 || $0.offset >= times.count - 95 }.map { index, time in
      SampleRow(index + 1, of: group, time, occurrence)
    }
  }
}

private struct HourRow: Encodable, Sendable {
  let groupID: String
  let at: Date
}

private struct SampleRow: Encodable, Sendable {
  let groupID: String
  let number: Int
  let at: Date
  let requestID: String
  let release: String
  let status: Int?
  let staffID: String?
  let subjectID: String?
  let context: [String: String]

  init(_ number: Int, of group: ID<ErrorGroup>, _ time: SeedTime, _ occurrence: ErrorOccurrence) {
    groupID = group.description
    self.number = number
    at = time.at
    requestID = time.request
    release = time.release
    status = occurrence.kind == .request ? 500 : nil
    staffID = time.staff
    subjectID = time.subject
    var occurrence = occurrence
    if occurrence.kind == .request { occurrence.keep("GET", as: .method) }
    occurrence.keep(time.attempt.map(String.init), as: .attempt)
    context = Dictionary(
      occurrence.context.map { ($0.key.rawValue, $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}

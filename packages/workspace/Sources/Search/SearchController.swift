// The address of search: one page, which finds nothing but what its client has and the acting person may read.

import Access
import EthicoTypes
import HTTPTypes
import Markup
import Postgres
import Web

enum SearchController {
  static func routes(_ group: RouteGroup<Inside>) {
    group.get("search", name: "search", use: page)
  }

  private static let action = "search.run"

  private static func page(_ context: Inside) async throws -> Answer {
    let filter = try SearchFilter(context)
    guard !filter.words.text.isEmpty else {
      return try await context.look { _ in SearchView.page(filter, found: nil, setback: nil, context) }
    }
    guard filter.words.text.count <= SearchWords.limit else { return try await refuse(tooLong, filter, context) }
    do {
      if let record = try await open(filter, context) {
        // What the way in has to say is said where it ends.
        return .redirect(context.query("done").map { record.query("done", $0) } ?? record)
      }
      return try await context.show(action) { tx in
        let found = try await filter.page(context.acting, in: tx)
        return SearchView.page(filter, found: found, setback: nil, context)
      }
    } catch let error as PostgresError where [.queryCanceled, .lockNotAvailable].contains(error.sqlState) {
      return try await refuse(slow, filter, context)
    }
  }

  /// Where words that are a reference lead.
  private static func open(_ filter: SearchFilter, _ context: Inside) async throws -> Path? {
    guard let reference = filter.words.reference, filter.kinds.isEmpty else { return nil }
    return try await context.ledger.tenant(context.acting) { tx in
      guard let record = try await ReferencedRecord.find(reference, context.acting, in: tx) else { return nil }
      try await tx.record(action, status: HTTPResponse.Status.seeOther.code, detail: filter.words.text)
      return record.path(context.acting)
    }
  }

  /// Says why nothing was searched; the words stay where they were typed.
  private static func refuse(_ setback: Setback, _ filter: SearchFilter, _ context: Inside) async throws -> Answer {
    try await context.ledger.refuse(
      context.acting.author, action: action, outcome: .failed, status: setback.status.code,
      detail: String(filter.words.text.prefix(SearchWords.limit)))
    guard context.wantsHTML else { throw setback.problem }
    return .page(SearchView.page(filter, found: nil, setback: setback, context), status: setback.status)
  }

  private static let tooLong = Setback(
    .unprocessableContent, "invalid", "A search has at most \(SearchWords.limit) characters.", "Take some words away.",
    errors: [FieldError("q", "At most \(SearchWords.limit) characters.")])

  private static let slow = Setback(
    .serviceUnavailable, "search_slow", "This search took longer than two seconds.",
    "Your words are still there. Make them more exact, or choose a kind, and search again.")
}

extension SearchFilter {
  /// Reads the filter from the address.
  /// - Throws: `Problem` for a cursor of another search.
  init(_ context: Inside) throws {
    words = SearchWords(context.query("q") ?? "")
    kinds = context.queries("kind").compactMap(SearchKind.init(rawValue:))
    limit = context.query("limit").flatMap(Int.init).map { min(200, max(1, $0)) } ?? Self.pageSize
    if let text = context.query("after") {
      let parts = try CursorText.read(text, count: 3, fingerprint: fingerprint)
      guard let rank = Double(parts[0]), let id = ID<SearchHit>(parts[1]), let entity = SearchEntity(rawValue: parts[2])
      else { throw Problem.badCursor }
      after = Cursor(rank: rank, id: id, entity: entity)
    }
  }

  /// The filter as parameters of the address; none for an empty page.
  var conditions: [(name: String, value: String)] {
    (words.text.isEmpty ? [] : [("q", words.text)]) + kinds.map { ("kind", $0.rawValue) }
  }

  var isFiltered: Bool { !conditions.isEmpty }

  /// The same with the length of a page, without the position.
  var parameters: [(name: String, value: String)] {
    limit == Self.pageSize ? conditions : conditions + [("limit", String(limit))]
  }
}

extension ReferencedRecord {
  func path(_ acting: ActingContext) -> Path {
    switch self {
    case .ofCase(let id): acting.path("cases", id)
    case .ofReport(let id): acting.path("reports", id)
    case .ofDisclosure(let id): acting.path("disclosures", id)
    }
  }
}

extension SearchHit {
  /// Where the record is opened; `nil` for one that belongs to nothing that is still there.
  func path(_ acting: ActingContext) -> Path? {
    switch entity {
    case .report: acting.path("reports", id)
    case .case: acting.path("cases", id)
    case .policy, .policyDraft: acting.path("policies", id)
    case .disclosure: acting.path("disclosures", id)
    case .campaign: acting.path("campaigns", id)
    case .clientUser: acting.path("people", id)
    case .caseMessage, .note, .attachment:
      ofCase.map { acting.path("cases", $0.id) } ?? ofDisclosure.map { acting.path("disclosures", $0.id) }
        ?? ofPolicy.map { acting.path("policies", $0.id) }
    case .employee: acting.path("people", "employees", id)
    }
  }
}

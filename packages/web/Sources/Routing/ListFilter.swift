// What a list is filtered by, and where a page of it begins: both stand in the address, so that it can be shared.

public import EthicoTypes
import HTTPTypes

/// What a list is filtered by.
public protocol ListFilter {
  /// The filter as parameters of the address; none for the whole list.
  var conditions: [(name: String, value: String)] { get }
  /// The most rows of a page.
  var limit: Int { get }
}

extension ListFilter {
  /// The most characters of the words that a list is filtered by.
  public static var wordsLimit: Int { 100 }

  /// Whether less than the whole list is asked for; the length of a page does not count.
  public var isFiltered: Bool { !conditions.isEmpty }

  /// The filter and the length of a page as parameters of the address, without the position.
  public var parameters: [(name: String, value: String)] {
    limit == PageLength.usual ? conditions : conditions + [("limit", String(limit))]
  }

  /// The position behind a record, bound to this list: what the list is ordered by, and the record's id.
  public func position<Subject>(behind key: String, _ id: ID<Subject>) -> String {
    CursorText.make([key, id.description], fingerprint: fingerprint)
  }

  private var fingerprint: String {
    conditions.map { $0.name + "=" + $0.value }.joined(separator: "&")
  }

  /// Reads what `position(behind:_:)` made for this very list.
  fileprivate func read<Subject>(_ text: String, of: Subject.Type) throws -> (key: String, id: ID<Subject>) {
    let parts = try CursorText.read(text, count: 2, fingerprint: fingerprint)
    guard let id = ID<Subject>(parts[1]) else { throw Problem.badCursor }
    return (parts[0], id)
  }
}

/// How many rows a page of a list has.
enum PageLength {
  static let usual = 50
  static let longest = 200
}

extension GuardedContext {
  /// How many rows a list shows: 50, or what was asked for up to 200.
  public var limit: Int {
    min(PageLength.longest, max(1, query("limit").flatMap(Int.init) ?? PageLength.usual))
  }

  /// The words that a list is filtered by; empty for none.
  /// - Throws: `Problem` 422 for too many characters.
  public func filterWords(atMost limit: Int) throws -> String {
    let words = query("q") ?? ""
    guard words.count <= limit else {
      throw Problem(
        .unprocessableContent, "invalid", "A filter has at most \(limit) characters.", "Shorten the words.",
        fields: [FieldError("q", "At most \(limit) characters.")])
    }
    return words
  }

  /// Where the page of a list begins: behind the record of that key and id; `nil` at the beginning.
  /// - Throws: `Problem.badCursor` for a position of another list.
  public func position<Subject>(
    in list: some ListFilter, of subject: Subject.Type
  ) throws -> (key: String, id: ID<Subject>)? {
    try query("after").map { try list.read($0, of: subject) }
  }
}

// A document for paper, as what it says: no fonts, no places. Setting it is another program's work, so that whoever
// makes documents does not carry the libraries that draw them.

public import FoundationEssentials

/// A document for paper, from its title to its last line.
public struct PrintedDocument: Codable, Sendable, Hashable {
  /// What it is of and what it is, at its head and at the top of every further page.
  public let title: String
  /// Beside the page numbers.
  public let footer: String
  /// A language of BCP 47.
  public let language: String
  public let madeAt: Date
  public let parts: [Part]

  /// One block after the other.
  public enum Part: Codable, Sendable, Hashable {
    case heading(String, level: HeadingLevel)
    case paragraph(String)
    case bullets([String])
    /// Names and values, a pair a line.
    case facts([Fact])
    case table(PrintedTable)
    /// Room for parties to sign, each by its name.
    case signatures([String])
  }

  public enum HeadingLevel: Int, Codable, Sendable {
    case section = 2
    case table = 3
  }

  public struct Fact: Codable, Sendable, Hashable {
    public let name: String
    public let value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  public init(title: String, footer: String, language: String, madeAt: Date, parts: [Part]) {
    self.title = title
    self.footer = footer
    self.language = language
    self.madeAt = madeAt
    self.parts = parts
  }
}

/// A table; its heads come again on each page.
public struct PrintedTable: Codable, Sendable, Hashable {
  public let columns: [Column]
  /// A text for each column; what is missing at the end of a row is empty.
  public let rows: [[String]]

  public struct Column: Codable, Sendable, Hashable {
    public let head: String
    /// Numbers stand under each other at the right.
    public let isNumber: Bool

    public init(_ head: String, isNumber: Bool = false) {
      self.head = head
      self.isNumber = isNumber
    }
  }

  public init(_ columns: [Column], rows: [[String]]) {
    self.columns = columns
    self.rows = rows
  }
}

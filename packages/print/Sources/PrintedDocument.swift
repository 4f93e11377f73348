// A document for paper, as what it says: no fonts, no places. Setting it is another program's work, so that whoever
// makes documents does not carry the libraries that draw them.

package import FoundationEssentials

/// A document for paper, from its title to its last line.
package struct PrintedDocument: Codable, Sendable, Hashable {
  /// What it is of and what it is, at its head and at the top of every further page.
  package let title: String
  /// Beside the page numbers.
  package let footer: String
  /// A language of BCP 47: the shapes of letters that several languages share.
  package let language: String
  /// When what it says was so. The same document of the same moment is the same file.
  package let madeAt: Date
  /// What stands below the title, in order.
  package let parts: [Part]

  /// One block after the other.
  package enum Part: Codable, Sendable, Hashable {
    case heading(String, level: HeadingLevel)
    case paragraph(String)
    case bullets([String])
    /// Names and values, a pair a line.
    case facts([Fact])
    case table(PrintedTable)
    /// Room for parties to sign, each by its name.
    case signatures([String])
  }

  /// What a heading stands above; the title is the first level.
  package enum HeadingLevel: Int, Codable, Sendable {
    case section = 2
    case table = 3
  }

  /// Something that is said of the whole, by a name.
  package struct Fact: Codable, Sendable, Hashable {
    /// What is said.
    package let name: String
    /// What it is, in words.
    package let value: String

    /// A value by its name.
    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// A document of these parts; the other parameters are its properties.
  package init(title: String, footer: String, language: String, madeAt: Date, parts: [Part]) {
    self.title = title
    self.footer = footer
    self.language = language
    self.madeAt = madeAt
    self.parts = parts
  }
}

/// A table; its heads come again on each page.
package struct PrintedTable: Codable, Sendable, Hashable {
  /// From the left to the right.
  package let columns: [Column]
  /// A text for each column; what is missing at the end of a row is empty.
  package let rows: [[String]]

  /// A column by its head.
  package struct Column: Codable, Sendable, Hashable {
    /// What stands at its top.
    package let head: String
    /// What it holds.
    package let kind: Kind

    /// How its cells stand.
    package enum Kind: String, Codable, Sendable {
      case text
      /// Under each other at the right.
      case number
    }

    /// A column of a kind.
    package init(_ head: String, _ kind: Kind = .text) {
      self.head = head
      self.kind = kind
    }
  }

  /// A table of these columns; a row has a text for each.
  package init(_ columns: [Column], rows: [[String]]) {
    self.columns = columns
    self.rows = rows
  }
}

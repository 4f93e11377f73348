// Typed HTML. A page is a value of one concrete type, so that the compiler stays fast; text is escaped in one place,
// and there is no way to add raw markup.

/// A piece of a page: text, an element, or several pieces in a row.
public struct HTML: Sendable {
  enum Node: Sendable {
    case text(String)
    case element(StaticString, [Attribute], [HTML])
    case void(StaticString, [Attribute])
    case group([HTML])
  }

  let node: Node

  /// Text, escaped when it is rendered.
  public static func text(_ text: String) -> HTML { HTML(node: .text(text)) }

  /// Nothing at all.
  public static let nothing = HTML(node: .group([]))

  /// Several pieces, one after the other.
  public static func group(_ pieces: [HTML]) -> HTML { HTML(node: .group(pieces)) }

  /// An element with children. `name` is known when the program is compiled.
  public static func element(_ name: StaticString, _ attributes: [Attribute], _ children: [HTML]) -> HTML {
    HTML(node: .element(name, attributes, children))
  }

  /// An element that has no end tag, as `input` and `meta`.
  public static func void(_ name: StaticString, _ attributes: [Attribute]) -> HTML {
    HTML(node: .void(name, attributes))
  }

  /// Whether rendering would print nothing.
  public var isEmpty: Bool {
    guard case .group(let pieces) = node else { return false }
    return pieces.allSatisfy(\.isEmpty)
  }
}

extension HTML: ExpressibleByStringInterpolation {
  /// A string in a place for HTML is text.
  public init(stringLiteral value: String) {
    self = .text(value)
  }
}

/// Lets a list of pieces be written as statements, with `if`, `for` and `switch`. Each statement is one piece, so that
/// a block is one array, made once.
@resultBuilder
public enum HTMLBuilder {
  /// A piece as it is.
  public static func buildExpression(_ piece: HTML) -> HTML { piece }
  /// A string is text.
  public static func buildExpression(_ text: String) -> HTML { .text(text) }
  /// A list of pieces is one.
  public static func buildExpression(_ pieces: [HTML]) -> HTML { .group(pieces) }
  /// Nothing where there is none.
  public static func buildExpression(_ piece: HTML?) -> HTML { piece ?? .nothing }
  /// One statement needs no array.
  public static func buildBlock(_ piece: HTML) -> HTML { piece }
  /// Several statements, or none.
  public static func buildBlock(_ pieces: HTML...) -> HTML { .group(pieces) }
  /// An `if` without `else`.
  public static func buildOptional(_ part: HTML?) -> HTML { part ?? .nothing }
  /// The first branch of an `if` or `switch`.
  public static func buildEither(first part: HTML) -> HTML { part }
  /// Any further branch.
  public static func buildEither(second part: HTML) -> HTML { part }
  /// What a `for` made.
  public static func buildArray(_ parts: [HTML]) -> HTML { .group(parts) }
  /// The pieces of the whole, as an element takes them.
  public static func buildFinalResult(_ block: HTML) -> [HTML] {
    guard case .group(let pieces) = block.node else { return [block] }
    return pieces
  }
}

extension HTML {
  /// Several pieces written as statements.
  public init(@HTMLBuilder _ content: () -> [HTML]) {
    self = .group(content())
  }
}

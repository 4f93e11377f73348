// Attributes. Their names are known when the program is compiled; `style` and `on…` do not exist.

/// One attribute of an element: what is not explained here does what HTML says of its name.
public struct Attribute: Sendable {
  let name: StaticString
  /// `nil` for an attribute without a value, as `checked`.
  let value: String?
  /// Ends the name of a `data-…` attribute.
  var suffix: StaticString?

  private init(_ name: StaticString, _ value: String?) {
    self.name = name
    self.value = value
  }

  public static func `class`(_ names: String) -> Attribute { Attribute("class", names) }
  public static func id(_ id: String) -> Attribute { Attribute("id", id) }
  public static func href(_ path: Path) -> Attribute { Attribute("href", path.description) }
  /// A link within the page.
  public static func href(fragment id: String) -> Attribute { Attribute("href", "#" + id) }
  public static func src(_ path: Path) -> Attribute { Attribute("src", path.description) }
  /// What a picture says, for who does not see it.
  public static func alt(_ text: String) -> Attribute { Attribute("alt", text) }
  public static func action(_ path: Path) -> Attribute { Attribute("action", path.description) }
  public static func formaction(_ path: Path) -> Attribute { Attribute("formaction", path.description) }
  public static let post = Attribute("method", "post")
  public static let get = Attribute("method", "get")
  /// A form that sends files.
  public static let multipart = Attribute("enctype", "multipart/form-data")
  public static func accept(_ kinds: String) -> Attribute { Attribute("accept", kinds) }
  public static func type(_ type: StaticString) -> Attribute { Attribute("type", type.description) }
  public static func name(_ name: String) -> Attribute { Attribute("name", name) }
  public static func value(_ value: String) -> Attribute { Attribute("value", value) }
  public static func `for`(_ id: String) -> Attribute { Attribute("for", id) }
  public static func form(_ id: String) -> Attribute { Attribute("form", id) }
  /// The id of a `datalist` with what a control offers.
  public static func list(_ id: String) -> Attribute { Attribute("list", id) }
  public static func placeholder(_ text: String) -> Attribute { Attribute("placeholder", text) }
  public static func title(_ text: String) -> Attribute { Attribute("title", text) }
  public static func rel(_ rel: StaticString) -> Attribute { Attribute("rel", rel.description) }
  public static func role(_ role: StaticString) -> Attribute { Attribute("role", role.description) }
  public static func lang(_ language: String) -> Attribute { Attribute("lang", language) }
  public static func content(_ content: String) -> Attribute { Attribute("content", content) }
  public static func datetime(_ moment: String) -> Attribute { Attribute("datetime", moment) }
  public static func scope(_ scope: StaticString) -> Attribute { Attribute("scope", scope.description) }
  public static func maxlength(_ count: Int) -> Attribute { Attribute("maxlength", String(count)) }
  /// What a bar is full at.
  public static func max(_ number: Int) -> Attribute { Attribute("max", String(number)) }
  public static func rows(_ count: Int) -> Attribute { Attribute("rows", String(count)) }
  public static func colspan(_ count: Int) -> Attribute { Attribute("colspan", String(count)) }
  public static func autocomplete(_ kind: StaticString) -> Attribute { Attribute("autocomplete", kind.description) }
  public static func inputmode(_ mode: StaticString) -> Attribute { Attribute("inputmode", mode.description) }
  public static func nonce(_ nonce: String) -> Attribute { Attribute("nonce", nonce) }
  public static func tabindex(_ index: Int) -> Attribute { Attribute("tabindex", String(index)) }
  /// Client-supplied text stands in its own direction.
  public static let dirAuto = Attribute("dir", "auto")
  public static let required = Attribute("required", nil)
  public static let checked = Attribute("checked", nil)
  public static let selected = Attribute("selected", nil)
  public static let disabled = Attribute("disabled", nil)
  public static let autofocus = Attribute("autofocus", nil)
  public static let open = Attribute("open", nil)
  /// A link to a file, which leaves the page where it is.
  public static let download = Attribute("download", nil)
  public static let hidden = Attribute("hidden", nil)
  public static let novalidate = Attribute("novalidate", nil)
  public static func spellcheck(_ mode: StaticString) -> Attribute { Attribute("spellcheck", mode.description) }
  public static func charset(_ charset: StaticString) -> Attribute { Attribute("charset", charset.description) }
  public static func media(_ media: StaticString) -> Attribute { Attribute("media", media.description) }

  /// Where a shape of a drawing lies and how large it is, in pixels or percent.
  public static func x(_ length: String) -> Attribute { Attribute("x", length) }
  public static func y(_ length: String) -> Attribute { Attribute("y", length) }
  public static func dx(_ length: String) -> Attribute { Attribute("dx", length) }
  public static func width(_ length: String) -> Attribute { Attribute("width", length) }
  public static func height(_ length: String) -> Attribute { Attribute("height", length) }

  /// A state or property of accessibility: `.aria("current", "page")`.
  public static func aria(_ name: StaticString, _ value: String) -> Attribute {
    var attribute = Attribute("aria-", value)
    attribute.suffix = name
    return attribute
  }

  /// A value for our scripts and style sheets: `.data("meaning", "good")`.
  public static func data(_ name: StaticString, _ value: String = "") -> Attribute {
    var attribute = Attribute("data-", value)
    attribute.suffix = name
    return attribute
  }
}

extension Attribute: ExpressibleByNilLiteral {
  /// No attribute: lets an argument be left out by a condition.
  public init(nilLiteral: ()) {
    self.init("", nil)
  }
}

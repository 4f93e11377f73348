// Attributes. Their names are known when the program is compiled; `style` and `on…` do not exist.

/// One attribute of an element.
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

  /// Classes of our style sheets, separated by spaces.
  public static func `class`(_ names: String) -> Attribute { Attribute("class", names) }
  /// Once on a page: what labels, descriptions and links within it point to.
  public static func id(_ id: String) -> Attribute { Attribute("id", id) }
  /// A link on this host: a text from outside cannot stand here, only a `Path`.
  public static func href(_ path: Path) -> Attribute { Attribute("href", path.description) }
  /// A link within the page.
  public static func href(fragment id: String) -> Attribute { Attribute("href", "#" + id) }
  /// Where a picture or script is fetched from, always this host.
  public static func src(_ path: Path) -> Attribute { Attribute("src", path.description) }
  /// What a picture says, for who does not see it.
  public static func alt(_ text: String) -> Attribute { Attribute("alt", text) }
  /// Where a form is sent.
  public static func action(_ path: Path) -> Attribute { Attribute("action", path.description) }
  /// Sends a form as the body of a request, as everything does that changes something.
  public static let post = Attribute("method", "post")
  /// Sends a form as the query of an address, which can be shared: for what only looks.
  public static let get = Attribute("method", "get")
  /// A form that sends files.
  public static let multipart = Attribute("enctype", "multipart/form-data")
  /// What a file field offers first, as `.pdf,.png`: a hint to the person, no check.
  public static func accept(_ kinds: String) -> Attribute { Attribute("accept", kinds) }
  /// Which kind of `input`, `button` or `script` it is; an `input` without it is a line of text.
  public static func type(_ type: StaticString) -> Attribute { Attribute("type", type.description) }
  /// What a control's value is sent under, `items[]` where there may be several; of a `meta`, what it says.
  public static func name(_ name: String) -> Attribute { Attribute("name", name) }
  /// What a control holds or sends, or a bar has come to; bidi controls stay in it, for a field to give back.
  public static func value(_ value: String) -> Attribute { Attribute("value", value) }
  /// The id of the control that a `label` names.
  public static func `for`(_ id: String) -> Attribute { Attribute("for", id) }
  /// The id of the form that a control outside of it is sent with.
  public static func form(_ id: String) -> Attribute { Attribute("form", id) }
  /// The id of a `datalist` with what a control offers.
  public static func list(_ id: String) -> Attribute { Attribute("list", id) }
  /// Words in a field that is still empty; no label, since they go with the first letter.
  public static func placeholder(_ text: String) -> Attribute { Attribute("placeholder", text) }
  /// What shows while the pointer rests there: the whole of something that is shortened, an exact time.
  public static func title(_ text: String) -> Attribute { Attribute("title", text) }
  /// What the other end of a link is to this page: `stylesheet`, `icon`, `next`.
  public static func rel(_ rel: StaticString) -> Attribute { Attribute("rel", rel.description) }
  /// What it is to a screen reader where the element does not say so [WAI-ARIA]: `alert`, `status`, `search`.
  public static func role(_ role: StaticString) -> Attribute { Attribute("role", role.description) }
  /// The language of the words inside, as a BCP 47 tag: `en`, `pt-BR`.
  public static func lang(_ language: String) -> Attribute { Attribute("lang", language) }
  /// What a `meta` says under its name.
  public static func content(_ content: String) -> Attribute { Attribute("content", content) }
  /// The moment that a `time` shows, for scripts: in UTC, as `2026-03-02T09:15:02Z` [RFC 3339].
  public static func datetime(_ moment: String) -> Attribute { Attribute("datetime", moment) }
  /// What a `th` is the head of: `col` for the cells below it, `row` for those beside it.
  public static func scope(_ scope: StaticString) -> Attribute { Attribute("scope", scope.description) }
  /// How much a browser lets somebody type, in UTF-16 code units; other programs may send more.
  public static func maxlength(_ count: Int) -> Attribute { Attribute("maxlength", String(count)) }
  /// What a bar is full at.
  public static func max(_ number: Int) -> Attribute { Attribute("max", String(number)) }
  /// How many lines of a `textarea` are in sight.
  public static func rows(_ count: Int) -> Attribute { Attribute("rows", String(count)) }
  /// What a browser may fill in from what it knows, as `new-password`; `off` for nothing.
  public static func autocomplete(_ kind: StaticString) -> Attribute { Attribute("autocomplete", kind.description) }
  /// Lets a script run: the one that the answer's Content-Security-Policy names, fresh for each answer.
  public static func nonce(_ nonce: String) -> Attribute { Attribute("nonce", nonce) }
  /// 0 to be reached by Tab, as a region that scrolls; -1 to take the focus from links and scripts alone.
  public static func tabindex(_ index: Int) -> Attribute { Attribute("tabindex", String(index)) }
  /// Client-supplied text stands in its own direction.
  public static let dirAuto = Attribute("dir", "auto")
  /// Has to be filled in; where the form is `novalidate`, the server is who says so.
  public static let required = Attribute("required", nil)
  /// A checkbox or radio button that is on from the start.
  public static let checked = Attribute("checked", nil)
  /// The option that is chosen from the start.
  public static let selected = Attribute("selected", nil)
  /// A control that nobody can use and that is not sent.
  public static let disabled = Attribute("disabled", nil)
  /// Takes the focus when the page has come, as the list of what is wrong with a form does.
  public static let autofocus = Attribute("autofocus", nil)
  /// `details` that are unfolded from the start.
  public static let open = Attribute("open", nil)
  /// A link to a file, which leaves the page where it is.
  public static let download = Attribute("download", nil)
  /// Neither seen nor read out until a script takes it away.
  public static let hidden = Attribute("hidden", nil)
  /// A form that is sent as it is, so that the server's words say what is wrong with it.
  public static let novalidate = Attribute("novalidate", nil)
  /// How the bytes of the page are read, in the first `meta` of its head: `utf-8`.
  public static func charset(_ charset: StaticString) -> Attribute { Attribute("charset", charset.description) }

  /// Where a shape of a drawing lies and how large it is, in pixels or percent.
  public static func x(_ length: String) -> Attribute { Attribute("x", length) }
  /// From the top of the drawing down, in pixels or percent; of words, to the line that they stand on.
  public static func y(_ length: String) -> Attribute { Attribute("y", length) }
  /// How far words stand to the right of their `x`, in pixels.
  public static func dx(_ length: String) -> Attribute { Attribute("dx", length) }
  /// Of a drawing, a shape or a picture, in pixels or percent.
  public static func width(_ length: String) -> Attribute { Attribute("width", length) }
  /// Of a drawing, a shape or a picture, in pixels or percent.
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

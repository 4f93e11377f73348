// The elements, each a function of its attributes and its content.

/// A link, or the place of one.
public func a(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("a", attributes, content())
}

/// A piece that stands by itself.
public func article(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("article", attributes, content())
}

/// What stands beside the matter.
public func aside(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("aside", attributes, content())
}

/// What a document shows.
public func body(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("body", attributes, content())
}

/// A button; in a form it submits unless its type says otherwise.
public func button(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("button", attributes, content())
}

/// The title of a table.
public func caption(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("caption", attributes, content())
}

/// Text as a machine reads it.
public func code(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("code", attributes, content())
}

/// The value of a term in a `dl`.
public func dd(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("dd", attributes, content())
}

/// What an input with this id as its list offers.
public func datalist(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("datalist", attributes, content())
}

/// Text that was taken out.
public func del(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("del", attributes, content())
}

/// What opens below its `summary`.
public func details(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("details", attributes, content())
}

/// A box without a meaning of its own.
public func div(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("div", attributes, content())
}

/// A list of terms and values.
public func dl(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("dl", attributes, content())
}

/// A term in a `dl`.
public func dt(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("dt", attributes, content())
}

/// Controls that belong together, under a `legend`.
public func fieldset(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("fieldset", attributes, content())
}

/// A picture or table with its caption.
public func figure(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("figure", attributes, content())
}

/// What stands below the page or a section.
public func footer(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("footer", attributes, content())
}

/// What is filled in and sent.
public func form(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("form", attributes, content())
}

/// The heading of the page, once on each.
public func h1(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("h1", attributes, content())
}

/// The heading of a section.
public func h2(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("h2", attributes, content())
}

/// The heading below an `h2`.
public func h3(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("h3", attributes, content())
}

/// What is said about a document.
public func head(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("head", attributes, content())
}

/// What stands above the page or a section.
public func header(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("header", attributes, content())
}

/// The root of a document.
public func html(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("html", attributes, content())
}

/// Text that was put in.
public func ins(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("ins", attributes, content())
}

/// A key to press.
public func kbd(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("kbd", attributes, content())
}

/// The name of a control.
public func label(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("label", attributes, content())
}

/// The title of a `fieldset`.
public func legend(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("legend", attributes, content())
}

/// An entry of a list.
public func li(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("li", attributes, content())
}

/// The matter of the page, once on each.
public func main(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("main", attributes, content())
}

/// Text that a search found.
public func mark(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("mark", attributes, content())
}

/// Links to get about.
public func nav(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("nav", attributes, content())
}

/// A list whose order counts.
public func ol(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("ol", attributes, content())
}

/// A choice of a `select`.
public func option(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("option", attributes, content())
}

/// A paragraph.
public func p(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("p", attributes, content())
}

/// A script by its address, or data for one; text within it is escaped as elsewhere.
public func script(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("script", attributes, content())
}

/// A part of the page with a heading.
public func section(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("section", attributes, content())
}

/// A choice among options.
public func select(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("select", attributes, content())
}

/// Text without a meaning of its own.
public func span(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("span", attributes, content())
}

/// Important text.
public func strong(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("strong", attributes, content())
}

/// What of a `details` is always seen.
public func summary(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("summary", attributes, content())
}

/// Rows and columns.
public func table(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("table", attributes, content())
}

/// The rows of a table.
public func tbody(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("tbody", attributes, content())
}

/// A cell.
public func td(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("td", attributes, content())
}

/// A control for text of several lines, which gives back exactly what it was given.
public func textarea(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("textarea", attributes, content())
}

/// A cell that names a row or column.
public func th(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("th", attributes, content())
}

/// The head of a table.
public func thead(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("thead", attributes, content())
}

/// A moment or day, for machines in `datetime`.
public func time(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("time", attributes, content())
}

/// The title of a document.
public func title(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("title", attributes, content())
}

/// A row.
public func tr(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("tr", attributes, content())
}

/// A list whose order does not count.
public func ul(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("ul", attributes, content())
}

/// A new line.
public func br(_ attributes: Attribute...) -> HTML {
  .void("br", attributes)
}

/// A control of one line.
public func input(_ attributes: Attribute...) -> HTML {
  .void("input", attributes)
}

/// What belongs to a document, as a style sheet.
public func link(_ attributes: Attribute...) -> HTML {
  .void("link", attributes)
}

/// Something said about a document.
public func meta(_ attributes: Attribute...) -> HTML {
  .void("meta", attributes)
}

/// A picture.
public func img(_ attributes: Attribute...) -> HTML {
  .void("img", attributes)
}

/// An element of our own, made lively by a script: its name has a hyphen.
public func custom(_ name: StaticString, _ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] })
  -> HTML
{
  .element(name, attributes, content())
}

/// A whole document as UTF-8.
public func document(_ html: HTML) -> [UInt8] {
  html.rendered(after: "<!doctype html>\n")
}

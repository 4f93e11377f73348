// The elements, each a function of its attributes and its content.

public func a(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("a", attributes, content())
}

public func abbr(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("abbr", attributes, content())
}

public func article(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("article", attributes, content())
}

public func aside(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("aside", attributes, content())
}

public func body(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("body", attributes, content())
}

public func button(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("button", attributes, content())
}

public func caption(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("caption", attributes, content())
}

public func code(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("code", attributes, content())
}

public func dd(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("dd", attributes, content())
}

public func datalist(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("datalist", attributes, content())
}

public func del(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("del", attributes, content())
}

public func details(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("details", attributes, content())
}

public func dialog(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("dialog", attributes, content())
}

public func div(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("div", attributes, content())
}

public func dl(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("dl", attributes, content())
}

public func dt(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("dt", attributes, content())
}

public func em(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("em", attributes, content())
}

public func fieldset(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("fieldset", attributes, content())
}

public func figure(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("figure", attributes, content())
}

public func footer(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("footer", attributes, content())
}

public func form(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("form", attributes, content())
}

public func h1(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("h1", attributes, content())
}

public func h2(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("h2", attributes, content())
}

public func h3(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("h3", attributes, content())
}

public func head(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("head", attributes, content())
}

public func header(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("header", attributes, content())
}

public func html(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("html", attributes, content())
}

public func i(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("i", attributes, content())
}

public func ins(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("ins", attributes, content())
}

public func kbd(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("kbd", attributes, content())
}

public func label(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("label", attributes, content())
}

public func legend(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("legend", attributes, content())
}

public func li(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("li", attributes, content())
}

public func main(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("main", attributes, content())
}

public func mark(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("mark", attributes, content())
}

public func nav(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("nav", attributes, content())
}

public func ol(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("ol", attributes, content())
}

public func optgroup(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("optgroup", attributes, content())
}

public func option(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("option", attributes, content())
}

public func p(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("p", attributes, content())
}

public func pre(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("pre", attributes, content())
}

public func script(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("script", attributes, content())
}

public func section(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("section", attributes, content())
}

public func select(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("select", attributes, content())
}

public func small(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("small", attributes, content())
}

public func span(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("span", attributes, content())
}

public func strong(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("strong", attributes, content())
}

public func summary(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("summary", attributes, content())
}

public func table(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("table", attributes, content())
}

public func tbody(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("tbody", attributes, content())
}

public func td(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("td", attributes, content())
}

public func template(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("template", attributes, content())
}

public func textarea(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("textarea", attributes, content())
}

public func th(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("th", attributes, content())
}

public func thead(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("thead", attributes, content())
}

public func time(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("time", attributes, content())
}

public func title(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("title", attributes, content())
}

public func tr(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("tr", attributes, content())
}

public func ul(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("ul", attributes, content())
}

public func br(_ attributes: Attribute...) -> HTML {
  .void("br", attributes)
}

public func hr(_ attributes: Attribute...) -> HTML {
  .void("hr", attributes)
}

public func input(_ attributes: Attribute...) -> HTML {
  .void("input", attributes)
}

public func link(_ attributes: Attribute...) -> HTML {
  .void("link", attributes)
}

public func meta(_ attributes: Attribute...) -> HTML {
  .void("meta", attributes)
}

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

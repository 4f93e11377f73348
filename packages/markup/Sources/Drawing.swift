// The elements of a drawing [SVG 2]: few, because pictures are bars, lines and words.

/// The drawing itself; `viewBox` and its role are among the attributes.
public func svg(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("svg", attributes, content())
}

/// A bar.
public func rect(_ attributes: Attribute...) -> HTML {
  .element("rect", attributes, [])
}

/// Words in a drawing.
public func drawnText(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("text", attributes, content())
}

/// What a drawing shows, for who cannot see it.
public func desc(_ attributes: Attribute..., @HTMLBuilder content: () -> [HTML] = { [] }) -> HTML {
  .element("desc", attributes, content())
}

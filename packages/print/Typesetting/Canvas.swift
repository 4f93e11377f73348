// cairo's pages and Pango's texts, as far as documents need them.

import CPango
import FoundationEssentials
import Print

/// The pages of one document. Of one thread alone.
final class Canvas {
  private let surface: OpaquePointer
  private let context: OpaquePointer
  private let written = WrittenBytes()
  private let fonts: [TextStyle: OpaquePointer]
  /// Which shapes a script's letters have.
  private let language: OpaquePointer

  init(_ document: PrintedDocument) throws {
    let target = Unmanaged.passUnretained(written).toOpaque()
    surface = cairo_pdf_surface_create_for_stream(
      { target, bytes, count in
        guard let target, let bytes else { return CAIRO_STATUS_WRITE_ERROR }
        let written = Unmanaged<WrittenBytes>.fromOpaque(target).takeUnretainedValue()
        written.bytes.append(contentsOf: UnsafeBufferPointer(start: bytes, count: Int(count)))
        return CAIRO_STATUS_SUCCESS
      }, target, Sheet.fullWidth, Sheet.fullHeight)
    context = cairo_create(surface)
    fonts = Dictionary(
      uniqueKeysWithValues: TextStyle.allCases.map { ($0, pango_font_description_from_string($0.font)) })
    language = pango_language_from_string(document.language)
    let made = document.madeAt.formatted(.iso8601)
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, document.title.printable)
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, "Ethico")
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, made)
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, made)
    begin("Document")
  }

  deinit {
    for font in fonts.values { pango_font_description_free(font) }
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  /// Ends the document.
  /// - Throws: `TypesettingFailure` with what cairo says.
  func finish() throws -> [UInt8] {
    end("Document")
    cairo_show_page(context)
    cairo_surface_finish(surface)
    for status in [cairo_status(context), cairo_surface_status(surface)] where status != CAIRO_STATUS_SUCCESS {
      throw TypesettingFailure(description: String(cString: cairo_status_to_string(status)))
    }
    return written.bytes
  }

  func nextPage() { cairo_show_page(context) }

  // MARK: Structure

  /// Marks what is drawn within as a part of the document [ISO 32000-1, 14.8.4].
  func tagged(_ name: String, _ draw: () -> Void) {
    begin(name)
    draw()
    end(name)
  }

  func begin(_ tag: String) { cairo_tag_begin(context, tag, "") }
  func end(_ tag: String) { cairo_tag_end(context, tag) }

  // MARK: Text

  /// A text set to a width.
  /// - Parameter lines: so many at most; the last one then ends in an ellipsis.
  func layout(
    _ text: String, _ style: TextStyle, width: Double, at edge: TextEdge = .start, lines: Int? = nil
  ) -> TextLayout {
    let layout = TextLayout(pango_cairo_create_layout(context), style)
    pango_context_set_language(pango_layout_get_context(layout.pointer), language)
    pango_layout_set_font_description(layout.pointer, fonts[style])
    pango_layout_set_text(layout.pointer, text.printable, -1)
    pango_layout_set_wrap(layout.pointer, PANGO_WRAP_WORD_CHAR)
    pango_layout_set_width(layout.pointer, Int32(max(width, 1) * Double(PANGO_SCALE)))
    if edge == .end { pango_layout_set_alignment(layout.pointer, PANGO_ALIGN_RIGHT) }
    if let lines {
      pango_layout_set_height(layout.pointer, -Int32(lines))
      pango_layout_set_ellipsize(layout.pointer, PANGO_ELLIPSIZE_END)
    }
    return layout
  }

  /// What a text takes on one line.
  func width(of text: String, _ style: TextStyle) -> Double {
    let layout = layout(text, style, width: 1)
    pango_layout_set_width(layout.pointer, -1)
    return layout.width
  }

  func draw(
    _ text: String, _ style: TextStyle, x: Double, y: Double, width: Double, at edge: TextEdge = .start,
    lines: Int? = nil
  ) {
    draw(layout(text, style, width: width, at: edge, lines: lines), x: x, y: y)
  }

  func draw(_ layout: TextLayout, x: Double, y: Double) {
    ink(layout.style.grey)
    cairo_move_to(context, x, y)
    pango_cairo_show_layout(context, layout.pointer)
  }

  /// One line of a text, its top at `y`.
  func draw(_ layout: TextLayout, line: Int, x: Double, y: Double) {
    guard let found = pango_layout_get_line_readonly(layout.pointer, Int32(line)) else { return }
    var ink = PangoRectangle()
    var logical = PangoRectangle()
    pango_layout_line_get_extents(found, &ink, &logical)
    // In a script that runs to the left a line ends at the right margin.
    let isFromRight = found.pointee.resolved_dir == PANGO_DIRECTION_RTL.rawValue
    let indent = isFromRight ? max(0, layout.setWidth - Double(logical.width) / Double(PANGO_SCALE)) : 0
    self.ink(layout.style.grey)
    cairo_move_to(context, x + indent, y - Double(logical.y) / Double(PANGO_SCALE))
    pango_cairo_show_layout_line(context, found)
  }

  // MARK: Lines and areas

  func rule(_ stroke: Stroke = .hairline, y: Double, from x: Double = Sheet.margin, width: Double = Sheet.width) {
    ink(stroke.grey)
    cairo_set_line_width(context, stroke.width)
    cairo_move_to(context, x, y)
    cairo_line_to(context, x + width, y)
    cairo_stroke(context)
  }

  /// The ground of a table's heads.
  func shade(y: Double, height: Double) {
    ink(0.94)
    cairo_rectangle(context, Sheet.margin, y, Sheet.width, height)
    cairo_fill(context)
  }

  private func ink(_ grey: Double) { cairo_set_source_rgb(context, grey, grey, grey) }
}

/// A text as Pango has set it.
final class TextLayout {
  let pointer: OpaquePointer
  let style: TextStyle

  init(_ pointer: OpaquePointer, _ style: TextStyle) {
    self.pointer = pointer
    self.style = style
  }

  deinit { g_object_unref(UnsafeMutableRawPointer(pointer)) }

  var lines: Int { Int(pango_layout_get_line_count(pointer)) }
  var width: Double { size.width }
  var height: Double { size.height }
  /// The width it was set to.
  var setWidth: Double { Double(pango_layout_get_width(pointer)) / Double(PANGO_SCALE) }

  private var size: (width: Double, height: Double) {
    var width: Int32 = 0
    var height: Int32 = 0
    pango_layout_get_size(pointer, &width, &height)
    return (Double(width) / Double(PANGO_SCALE), Double(height) / Double(PANGO_SCALE))
  }

  func height(of line: Int) -> Double {
    guard let found = pango_layout_get_line_readonly(pointer, Int32(line)) else { return 0 }
    var ink = PangoRectangle()
    var logical = PangoRectangle()
    pango_layout_line_get_extents(found, &ink, &logical)
    return Double(logical.height) / Double(PANGO_SCALE)
  }
}

/// What cairo has written.
private final class WrittenBytes {
  var bytes: [UInt8] = []
}

extension String {
  /// Without what no paper shows: control characters other than the ends of lines.
  fileprivate var printable: String {
    String(String.UnicodeScalarView(unicodeScalars.filter { $0 == "\n" || $0.properties.generalCategory != .control }))
  }
}

// Why a file cannot be read, as a code for programs and a sentence for a person that says what to do.

/// A refusal of a whole file.
package struct SourceError: Error, Sendable, Equatable {
  /// What the command line and the portal know a refusal by.
  package enum Code: String, Sendable, CaseIterable, Codable {
    case fileEmpty = "file.empty"
    case fileEncrypted = "file.encrypted"
    case fileXLS = "file.xls"
    case fileHTML = "file.html"
    case fileUnsupported = "file.unsupported"
    case fileUnreadable = "file.unreadable"
    case limitSize = "limit.size"
    case limitColumns = "limit.columns"
    case limitRows = "limit.rows"
    case limitEntries = "limit.entries"
    case zipRatio = "zip.ratio"
    case zipOverlap = "zip.overlap"
    case zipDamaged = "zip.damaged"
    case xlsxDTD = "xlsx.dtd"
    case xlsxDamaged = "xlsx.damaged"
    case jsonInvalid = "json.invalid"
    case jsonTooDeep = "json.too_deep"
    case jsonNotATable = "json.not_a_table"
    /// What was asked for by name is not in the file: a mistake of who asked, not of the file.
    case optionUnknown = "option.unknown"
  }

  package let code: Code
  package let message: String

  /// A refusal in words of its own.
  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

extension SourceError {
  static let empty = SourceError(.fileEmpty, "The file has no content. Export it again and look whether it opens.")

  /// It has tables, and none of them has a row.
  package static let rowless = SourceError(
    .fileEmpty, "The file has headings and no rows. Fill it in, or export it again, and upload that.")

  static let encrypted = SourceError(
    .fileEncrypted, "The file is protected by a password. Save it without one and upload it again.")

  static let xls = SourceError(
    .fileXLS, "This is an old Excel file (.xls). Open it in Excel, save it as .xlsx, and upload that.")

  static let html = SourceError(
    .fileHTML,
    "This is a web page, whatever its name says. Often it is the sign-in page of the export: export again, "
      + "or open it in Excel and save it as .xlsx.")

  static func unsupported(_ what: String) -> SourceError {
    SourceError(.fileUnsupported, "\(what). Upload CSV, TSV, XLSX, JSON, NDJSON, or a ZIP of them.")
  }

  static func unreadable(_ why: String) -> SourceError {
    SourceError(.fileUnreadable, "The file cannot be read: \(why).")
  }

  static func tooLarge(_ limit: Int) -> SourceError {
    SourceError(.limitSize, "The file is larger than \(sized(limit)). Export it in parts, such as by year.")
  }

  static func tooManyColumns(_ limit: Int) -> SourceError {
    SourceError(
      .limitColumns, "A table has more than \(limit) columns. Export fewer fields, or look at the delimiter.")
  }

  static func tooManyRows(_ limit: Int) -> SourceError {
    SourceError(.limitRows, "A table has more than \(limit) rows. Export it in parts, such as by year.")
  }

  static func tooManyEntries(_ limit: Int) -> SourceError {
    SourceError(.limitEntries, "The ZIP has more than \(limit) entries. Make several of it.")
  }

  static func zipRatio(_ name: String) -> SourceError {
    SourceError(
      .zipRatio,
      "\(name) would unpack to more than a hundred times its size, as a bomb does. Nothing was unpacked. "
        + "Make the ZIP again from the original files.")
  }

  static let zipOverlap = SourceError(
    .zipOverlap, "Entries of the ZIP share the same bytes, as a bomb does. Make the ZIP again from the original files.")

  static func zipDamaged(_ why: String) -> SourceError {
    SourceError(.zipDamaged, "The ZIP is damaged: \(why). Make or transfer it again.")
  }

  static let xlsxDTD = SourceError(
    .xlsxDTD,
    "The workbook declares a document type, which no spreadsheet program writes. Open it in Excel, save it "
      + "as .xlsx, and upload that.")

  static func xlsxDamaged(_ why: String) -> SourceError {
    SourceError(.xlsxDamaged, "The workbook is damaged: \(why). Open it in Excel, save it as .xlsx, and upload that.")
  }

  static func jsonInvalid(_ why: String, at offset: Int) -> SourceError {
    SourceError(.jsonInvalid, "The JSON ends or breaks at byte \(offset): \(why). Export it again.")
  }

  static func jsonTooDeep(_ limit: Int) -> SourceError {
    SourceError(.jsonTooDeep, "The JSON is nested more than \(limit) levels deep. Export a flat list of records.")
  }

  static let jsonNotATable = SourceError(
    .jsonNotATable, "The JSON holds no list of objects. Export an array of records, one object each.")

  static func unknownOption(_ what: String, _ value: String, offered: [String]) -> SourceError {
    let names = offered.prefix(20).map { "“\($0)”" }.joined(separator: ", ")
    return SourceError(
      .optionUnknown, "There is no \(what) “\(value)” in this file." + (names.isEmpty ? "" : " There is: \(names)."))
  }

  private static func sized(_ bytes: Int) -> String {
    bytes >= 1 << 30 ? "\(bytes >> 30) GiB" : bytes >= 1 << 20 ? "\(bytes >> 20) MiB" : "\(bytes) bytes"
  }
}

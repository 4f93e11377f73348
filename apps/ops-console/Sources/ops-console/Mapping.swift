// `mapping`: what a file's columns could become, without a database and, unless a language model is asked, without
// settings.

import ArgumentParser
import Crypto
import EthicoTypes
import FoundationEssentials
import Logging
import Mapping
import OpsConsole
import SourceFiles
import Web

struct MappingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mapping", abstract: "Says what the columns of a file could become.",
    subcommands: [MappingSuggest.self, MappingSchema.self, MappingTrain.self, MappingEvaluate.self])
}

/// The entities, as somebody types them.
private enum EntityArgument {
  static let names = ImportEntity.allCases.map(\.rawValue).joined(separator: ", ")

  /// `nil` for `auto`.
  static func parse(_ word: String?) throws(ValidationError) -> ImportEntity? {
    guard let word else { throw ValidationError("--entity is missing. It is one of: \(names), auto.") }
    if word.lowercased() == "auto" { return nil }
    guard let entity = ImportEntity(argument: word) else {
      throw ValidationError("There is no entity \"\(word)\". There is: \(names), auto.")
    }
    return entity
  }
}

struct MappingSuggest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "suggest",
    abstract: "Suggests a field for every column. Exit status: 0 printed, 2 the file cannot be read, 64 usage.")

  @Argument(help: "CSV, TSV, XLSX, JSON, NDJSON, or a ZIP of them; known by its content, not by its name.")
  var file: String

  @Option(help: "What a row is: person, policy, attestation, case, disclosure, attachment, audit_event, or auto.")
  var entity: String?

  @Flag(help: "Print the result as JSON.")
  var json = false

  @Option(help: "A sheet, an entry of a ZIP, or a JSON pointer.")
  var sheet: String?

  @Option(help: "The number of the record that names the columns; 0 for none.")
  var headerRow: Int?

  @Option(help: "The encoding of the text, such as windows-1252.")
  var encoding: String?

  @Option(help: "What stands between two cells: one character, or tab.")
  var delimiter: String?

  @Option(help: "The system that the file comes from, such as navex_ethicspoint.")
  var vendor: String?

  @Flag(
    help:
      "Also ask the language model of OPS_MAPPING_LLM_URL about columns without a field: names and shapes, no value.")
  var llm = false

  func validate() throws {
    _ = try EntityArgument.parse(entity)
    if let headerRow, headerRow < 0 { throw ValidationError("--header-row takes 0 or a record's number.") }
    let vendors = Mapping.vendors.map(\.code)
    if let vendor, !vendors.contains(vendor) {
      throw ValidationError("There is no vendor \"\(vendor)\". There is: \(vendors.sorted().joined(separator: ", ")).")
    }
  }

  func run() async throws {
    let entity = try EntityArgument.parse(entity)
    let options = ReadingOptions(encoding: encoding, delimiter: delimiter, sheet: sheet, headerRow: headerRow)
    let name = URL(filePath: file).lastPathComponent
    let model = llm ? try Self.languageModel() : nil
    async let prepared: Void = Mapping.prepare()
    do throws(SourceError) {
      let bytes = try FileBytes(path: file)
      var table = try SourceFile(bytes).choose(
        options, name: name, entity: entity, vendor: vendor, memory: .none)
      if let model { table = await Self.advised(table, by: model) }
      if json {
        print(SuggestionJSON.text(table, name: name, size: bytes.size, sha256: try Self.digest(bytes)))
      } else {
        print(SuggestionTable.text(table, name: name))
      }
    } catch {
      try refuse(error)
    }
    await prepared
  }

  private static func languageModel() throws -> ChatModel {
    do {
      if let model = try Settings().languageModel() { return model }
    } catch let error as SettingError {
      throw ValidationError(error.description)
    }
    throw ValidationError("--llm asks the language model of OPS_MAPPING_LLM_URL, which is not set.")
  }

  private static func advised(_ table: ChosenTable, by model: ChatModel) async -> ChosenTable {
    let quiet = Logger(label: "mapping") { _ in SwiftLogNoOpLogHandler() }
    let advised = await OpsConsole.advised(table, by: model, logger: quiet)
    if advised == nil { complain("The language model gave no answer that can be used: what the engine says stands.") }
    return advised ?? table
  }

  /// What was asked for and is not there is a mistake of usage; everything else is the file's.
  private func refuse(_ error: SourceError) throws -> Never {
    if error.code == .optionUnknown { throw ValidationError(error.message) }
    if json {
      let error = OrderedJSON.object([
        .init("code", .string(error.code.rawValue)), .init("message", .string(error.message)),
      ])
      print(OrderedJSON.object([.init("format", .integer(1)), .init("error", error)]).text)
    } else {
      complain(error.message)
    }
    throw ExitCode(2)
  }

  private static func digest(_ bytes: FileBytes) throws(SourceError) -> String {
    var hash = SHA256()
    let piece = 1 << 20
    var offset = 0
    while offset < bytes.size {
      let read = try bytes.read(at: offset, count: piece)
      if read.isEmpty { break }
      hash.update(data: read)
      offset += read.count
    }
    return hash.finalize().hexadecimal
  }
}

/// The contract's answer, for programs.
private enum SuggestionJSON {
  static func text(_ table: ChosenTable, name: String, size: Int, sha256: String) -> String {
    let file = OrderedJSON.object([
      .init("name", .string(name)), .init("kind", .string(table.shape.kind.rawValue)), .init("sha256", .string(sha256)),
      .init("size_bytes", .integer(size)), .init("encoding", string(table.shape.encoding)),
      .init("delimiter", string(table.shape.delimiter)),
      .init("sheet", string(table.shape.table.flatMap { $0.isEmpty ? nil : $0 })),
      .init("header_row", table.shape.headerRow.map(OrderedJSON.integer) ?? .null),
      .init("columns", .integer(table.shape.columns.count)), .init("rows_profiled", .integer(table.profile.table.rows)),
    ])
    return OrderedJSON.object([.init("format", .integer(1)), .init("file", file)] + table.suggestion.members).text
  }

  private static func string(_ text: String?) -> OrderedJSON { text.map(OrderedJSON.string) ?? .null }
}

/// The answer for people: a line for each column.
private enum SuggestionTable {
  static func text(_ table: ChosenTable, name: String) -> String {
    let shape = table.shape
    let facts = [
      name, shape.kind.rawValue, shape.table, shape.encoding, shape.delimiter.map { $0 == "\t" ? "tab" : $0 },
      shape.headerRow.map { "header in row \($0)" }, "\(table.profile.table.rows) rows",
    ]
    let suggestion = table.suggestion
    let vendor = suggestion.vendor.value.map { ", from \($0)" } ?? ""
    var lines = [
      facts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: " · "),
      "\(suggestion.entity.value.pluralLabel) (\(score(suggestion.entity.score)))\(vendor)",
      "",
    ]
    lines += aligned(
      [["Column", "Field", "Band", "Score", "Why"]]
        + suggestion.columns.map { column in
          [
            column.name, column.target ?? "–", column.band.rawValue, score(column.score),
            column.reasons.first?.text ?? "",
          ]
        })
    let findings = shape.findings + table.profile.findings
    if !findings.isEmpty { lines += [""] + findings.prefix(20).map(\.text) }
    return lines.joined(separator: "\n")
  }

  private static func score(_ value: Double) -> String {
    let hundredths = Int((value * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }

  private static let widest = 40

  private static func aligned(_ rows: [[String]]) -> [String] {
    let cut = rows.map { $0.map { $0.count > widest * 2 ? String($0.prefix(widest * 2 - 1)) + "…" : $0 } }
    let widths = (0..<4).map { column in min(widest, cut.map { $0[column].count }.max() ?? 0) }
    return cut.map { cells in
      zip(cells, widths).map { cell, width in
        cell + String(repeating: " ", count: max(0, width - cell.count))
      }.joined(separator: "  ") + "  " + cells[4]
    }
  }
}

struct MappingSchema: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Lists the fields of every entity that can be imported.")

  @Flag(help: "Print the result as JSON.")
  var json = false

  func run() {
    print(json ? SchemaJSON.text : SchemaTable.text)
  }
}

private enum SchemaJSON {
  static var text: String {
    let entities = ImportEntity.allCases.map { entity in
      OrderedJSON.object([
        .init("entity", .string(entity.rawValue)), .init("label", .string(entity.label)),
        .init("keys", .array(entity.keys.map { .array($0.map(OrderedJSON.string)) })),
        .init("natural_key", .array(entity.naturalKey.map { .array($0.map(OrderedJSON.string)) })),
        .init("requirements", .array(TargetSchema.requirements(of: entity).map(requirement))),
        .init("fields", .array(TargetSchema.fields(of: entity).map(field))),
      ])
    }
    return OrderedJSON.object([.init("format", .integer(1)), .init("entities", .array(entities))]).text
  }

  private static func field(_ field: TargetField) -> OrderedJSON {
    var members: [OrderedJSON.Member] = [
      .init("name", .string(field.name)), .init("label", .string(field.label)), .init("type", .string(field.kind.name)),
      .init("required", .bool(field.isRequired)), .init("list", .bool(field.isList)),
      .init("numbered", .bool(field.isNumbered)), .init("imported_field", .bool(field.isTypedInImportedFields)),
      .init("standard", field.standard.map { .string($0.rawValue) } ?? .null),
      .init("default", field.defaultValue.map(OrderedJSON.string) ?? .null),
    ]
    switch field.kind {
    case .text(let limit): members.append(.init("limit", .integer(limit)))
    case .enumeration(let words): members.append(.init("values", .array(words.map(OrderedJSON.string))))
    case .number(let range?):
      members.append(.init("range", .array([.number(range.lowerBound), .number(range.upperBound)])))
    case .longText, .timestamp, .date, .boolean, .number(nil), .money: break
    }
    return .object(members + [.init("reference", reference(field.reference))])
  }

  private static func reference(_ reference: TargetReference?) -> OrderedJSON {
    switch reference {
    case nil: .null
    case .person(let facet): .string("person." + facet.rawValue)
    case .policy(let facet): .string("policy." + facet.rawValue)
    case .incident: .string("case.case_number")
    }
  }

  private static func requirement(_ requirement: TargetRequirement) -> OrderedJSON {
    let condition = requirement.condition.map { condition in
      OrderedJSON.object([.init("field", .string(condition.field)), .init("value", .string(condition.value))])
    }
    return .object([
      .init("any_of", .array(requirement.anyOf.map(OrderedJSON.string))), .init("when", condition ?? .null),
    ])
  }
}

private enum SchemaTable {
  static var text: String {
    ImportEntity.allCases.map { entity in
      let fields = TargetSchema.fields(of: entity)
      let width = fields.map(\.name.count).max() ?? 0
      let lines = fields.map { field in
        let name = field.name + String(repeating: " ", count: width - field.name.count)
        return "  \(name)  \(field.kind.name)\(field.isRequired ? ", required" : "")\(field.isList ? ", several" : "")"
      }
      return ([entity.pluralLabel] + lines).joined(separator: "\n")
    }.joined(separator: "\n\n")
  }
}

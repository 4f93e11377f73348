// The mapper: each column of the source beside the field that it becomes, how sure that is and why, and samples.

import Access
import EthicoTypes
import FoundationEssentials
import Mapping
import Markup
import Migration
import SourceFiles
import Web

/// Everything that the mapper shows.
struct Mapper: Sendable {
  let batch: Batch
  let mapping: BatchMapping
  let profiles: [ColumnProfile]
  /// The client's time zone.
  let zone: String

  /// Fields are numbered by the columns.
  var numbered: NumberedForm { NumberedForm(mapping.columns.map(\.name)) }

  func profile(of column: ColumnDecision) -> ColumnProfile? { profiles.first { $0.index == column.index } }

  /// Columns whose cells are not shown: they may say who an anonymous reporter is.
  var withheld: Set<Int> { batch.entity == .case ? mapping.identityColumns : [] }

  /// The columns that a reason for what a column becomes speaks of.
  func names(in reason: String, of column: ColumnDecision) -> [String] {
    mapping.columns.map(\.name).filter { $0 == column.name || reason.contains("\"\($0)\"") }
  }

  /// A few cells of a column, as far as they may be seen.
  func samples(of column: ColumnDecision) -> [String] {
    let samples = withheld.contains(column.index) ? [] : profile(of: column)?.samples ?? []
    return samples.map { sample in
      let text = column.reading.repair?.mended(sample) ?? sample
      return column.reading.split?.part(of: text) ?? text
    }
  }
}

extension BatchMapping {
  /// The columns that say, or may say, who reported.
  var identityColumns: Set<Int> {
    let said = columns.filter { $0.act == .quarantined || $0.target.map(ReporterIdentity.targets.contains) ?? false }
    return Set(said.map(\.index))
  }
}

/// What was chosen when the mapper's form was refused, and why it was.
struct MapperForms: Sendable {
  var fields: FormFields?
  var setback: Setback?
  let may: Bool

  init(_ fields: FormFields? = nil, setback: Setback? = nil, may: Bool) {
    self.fields = fields
    self.setback = setback
    self.may = may
  }

  /// What is wrong with what was sent.
  var errors: [FieldError] { setback?.errors ?? [] }
}

enum MapperView {
  static func page(_ tenant: Tenant, _ mapper: Mapper, _ forms: MapperForms) -> Page {
    let batch = mapper.batch
    return Page(
      "Map columns", section: "/tenants", crumbs: crumbs(tenant, batch), trace: batch.title, value: MapperBody(mapper)
    ) { frame in
      result(
        frame,
        [
          "mapped": "The mapping is saved.", "repaired": "The mapping is saved, with the repair of its text.",
          "unrepaired": "The mapping is saved, with its text as it came.",
          "entity": "The columns were looked at anew for that kind of record.",
        ])
      setbackPanel(forms.setback)
      errorSummary(forms.setback?.errors ?? [])
      pageHead("Map columns", facts: facts(mapper)) {
        if forms.may, batch.state.isOpen {
          submitButton("Save and check rows", style: .primary, .form(formID), .name("then"), .value("check"))
        }
      }
      PurgeNotice.line(batch, frame)
      if forms.may, batch.state.isOpen { entityForm(tenant, batch, frame) }
      ReadingView.panel(tenant, batch, withheld: mapper.withheld, readingForm(batch, forms), frame)
      columnsForm(tenant, mapper, forms, frame)
    }
  }

  private static let formID = "mapper"

  static func crumbs(_ tenant: Tenant, _ batch: Batch) -> [Crumb] {
    [
      Crumb("Clients", "/tenants"), Crumb(tenant.name, .card(tenant)), Crumb("Data migration", .migration(tenant)),
      Crumb(batch.title, .batch(batch.id, of: tenant)),
    ]
  }

  private static func facts(_ mapper: Mapper) -> [HTML] {
    let batch = mapper.batch
    let how = [batch.fileName, batch.table].compactMap(\.self).filter { !$0.isEmpty }
    let settled = mapper.mapping.columns.count - mapper.mapping.undecided.count
    return [
      clientText(how.joined(separator: " · ")), .text("\(grouped(batch.rowCount)) rows"),
      .text("\(settled) of \(mapper.mapping.columns.count) done"),
    ]
  }

  private static func entityForm(_ tenant: Tenant, _ batch: Batch, _ frame: Frame) -> HTML {
    let state = FormState([("entity", batch.entity.rawValue)])
    return details(.class("fold")) {
      summary { "The rows are read as \(batch.entity.pluralLabel.lowercased())" }
      postForm(
        Path.batch(batch.id, of: tenant).appending("entity"), frame.secrets("entity"), version: batch.version,
        leaving: .silent
      ) {
        selectField(
          "entity", label: "What the rows are",
          help: "The columns are looked at anew; what was decided about them is lost.", state: state,
          options: ImportEntity.allCases.map { ($0.rawValue, $0.pluralLabel) })
        formActs { submitButton("Read them as that", style: .plain) }
      }
    }
  }

  private static func readingForm(_ batch: Batch, _ forms: MapperForms) -> ReadingForm {
    forms.may && batch.state.isOpen && batch.state != .staged ? .open(nil) : .closed
  }

  // MARK: Columns

  private static func columnsForm(
    _ tenant: Tenant, _ mapper: Mapper, _ forms: MapperForms, _ frame: Frame
  ) -> HTML {
    let batch = mapper.batch
    return form(
      .id(formID), .post, .action(Path.batch(batch.id, of: tenant).appending("map")), .novalidate, .data("guard")
    ) {
      hiddenFields(frame.secrets("map"))
      hiddenField("version", String(batch.version))
      mapper.numbered.view
      MapperTransforms.zones(mapper, forms)
      MapperRepairs.notice(mapper, forms)
      MapperExtras.joins(mapper, forms)
      missing(mapper, forms)
      MapperExtras.fold(mapper, forms)
      if forms.may, batch.state.isOpen { keys(tenant, batch) }
      ol(.class("mapping")) {
        for column in mapper.mapping.columns {
          li(.class("mapping-row"), .data("act", column.act.rawValue)) {
            MapperRow.view(column, mapper, forms)
          }
        }
      }
      if forms.may, batch.state.isOpen {
        formActs {
          submitButton("Save mapping", style: .plain)
          // The page's primary button is the same one, above.
          submitButton("Save and check rows", style: .plain, .name("then"), .value("check"))
          linkButton("Map values", to: Path.batch(batch.id, of: tenant).appending("values"), style: .quiet)
        }
      }
    }
  }

  /// What the keyboard does here, for whoever has scripts.
  private static func keys(_ tenant: Tenant, _ batch: Batch) -> HTML {
    let hints = [
      (["j", "k"], "next, previous column"), (["Enter"], "accept"), (["u"], "unmap"), (["/"], "pick a field"),
      (["v"], "values"), (["?"], "reasons"),
    ]
    return custom(
      "mapper-keys", .data("values", Path.batch(batch.id, of: tenant).appending("values").description)
    ) {
      ul(.class("key-hints"), .aria("label", "Keys of the mapper")) {
        for (letters, does) in hints {
          li {
            for letter in letters {
              kbd { letter }
              " "
            }
            span(.data("letters", letters.joined(separator: " "))) { does }
          }
        }
      }
    }
  }

  /// Fields that every record needs and no column gives: one value for all records may stand for them.
  private static func missing(_ mapper: Mapper, _ forms: MapperForms) -> HTML {
    let groups = mapper.mapping.missing(of: mapper.batch.entity)
    let constants = mapper.mapping.constants.sorted { $0.key < $1.key }
    let errors = forms.setback?.errors ?? []
    guard !groups.isEmpty || !constants.isEmpty else { return .nothing }
    return section(.class("notice"), .data("meaning", groups.isEmpty ? "info" : "attention")) {
      h2 { groups.isEmpty ? "One value for all records" : "Every record needs these, and no settled column gives them" }
      div(.class("constants")) {
        for (target, value) in constants {
          constant(target, forms.fields?["k." + target] ?? value, mapper.batch.entity, errors)
        }
        for fields in groups {
          constant(
            fields[0].name, forms.fields?["k." + fields[0].name] ?? "", mapper.batch.entity,
            alternatives: fields.dropFirst().map(\.label), errors)
        }
      }
    }
  }

  private static func constant(
    _ target: String, _ value: String, _ entity: ImportEntity, alternatives: [String] = [], _ errors: [FieldError]
  ) -> HTML {
    let field = TargetSchema.field(named: target, of: entity)
    let state = FormState(FormFields([("k." + target, value)]), errors: errors)
    let title = ([field?.label ?? target] + alternatives).joined(separator: " or ")
    let help = "Settle a column below, or give one value for all records."
    guard case .enumeration(let words)? = field?.kind else {
      return textField("k." + target, label: title, help: help, state: state, need: .optional)
    }
    return selectField(
      "k." + target, label: title, help: help, state: state,
      options: [("", "–")] + words.map { ($0, $0.replacing("_", with: " ")) }, need: .optional)
  }
}

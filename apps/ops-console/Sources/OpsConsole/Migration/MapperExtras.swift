// What a mapping says beside its columns, in the mapper: how several columns become one field, a value for all records,
// and the words that say nothing.

import Mapping
import Markup
import Migration
import Web

enum MapperExtras {
  // MARK: Several columns

  /// Fields that more than one column becomes, each with the way in which they do.
  static func joins(_ mapper: Mapper, _ forms: MapperForms) -> HTML {
    let targets = shared(mapper, forms)
    guard !targets.isEmpty else { return .nothing }
    let isOpen = targets.contains { chosen($0.target, mapper, forms).isEmpty }
    return section(.class("notice"), .data("meaning", isOpen ? "attention" : "info")) {
      h2 { "More than one column becomes the same field" }
      div(.class("constants")) { for (target, names) in targets { join(target, names, mapper, forms) } }
    }
  }

  private static func join(_ target: String, _ names: [String], _ mapper: Mapper, _ forms: MapperForms) -> HTML {
    let entity = mapper.batch.entity
    let label = TargetSchema.field(named: target, of: entity)?.label ?? target
    guard forms.may, mapper.batch.state.isOpen else {
      return p {
        "\(label): "
        clientText(mapper.mapping.rules.joins[target]?.words ?? "not decided")
      }
    }
    let mayPutTogether = ColumnJoin.mayPutTogether(target, of: entity)
    let state = FormState(
      FormFields([("j." + target, chosen(target, mapper, forms)), ("js." + target, separator(target, mapper, forms))]),
      errors: forms.setback?.errors ?? [])
    return HTML {
      selectField(
        "j." + target, label: "How they become \(label)", help: names.joined(separator: ", "), state: state,
        options: [("", "? Not decided"), ("first", "The first that says something")]
          + (mayPutTogether ? [("all", "All, one after the other")] : []), need: .optional)
      if mayPutTogether {
        textField(
          "js." + target, label: "Between them, for \(label)", help: "Where all are put together; a space counts.",
          state: state, need: .optional, maxLength: ColumnJoin.separatorLimit, size: .short)
      }
    }
  }

  private static func chosen(_ target: String, _ mapper: Mapper, _ forms: MapperForms) -> String {
    forms.fields?["j." + target] ?? mapper.mapping.rules.joins[target]?.way.rawValue ?? ""
  }

  private static func separator(_ target: String, _ mapper: Mapper, _ forms: MapperForms) -> String {
    forms.fields?.pairs.first { $0.name == "js." + target }?.value
      ?? mapper.mapping.rules.joins[target]?.separator ?? " "
  }

  /// As the mapping has them, or as the form that was refused chose them.
  private static func shared(_ mapper: Mapper, _ forms: MapperForms) -> [(target: String, names: [String])] {
    let entity = mapper.batch.entity
    let columns = mapper.mapping.columns.compactMap { column -> (name: String, target: String)? in
      let kept = column.act == .matched ? column.target : nil
      guard let target = forms.fields?[MappingDraft.field(column, "target")] ?? kept else { return nil }
      guard let field = TargetSchema.field(named: target, of: entity), !field.isList else { return nil }
      return (column.name, target)
    }
    return Dictionary(grouping: columns, by: \.target).filter { $0.value.count > 1 }.sorted { $0.key < $1.key }
      .map { ($0.key, $0.value.map(\.name)) }
  }

  // MARK: All records

  /// One value for all records, and words that say nothing: folded, as few need them.
  static func fold(_ mapper: Mapper, _ forms: MapperForms) -> HTML {
    let isOpen = forms.may && mapper.batch.state.isOpen
    let errors = forms.setback?.errors ?? []
    return HTML {
      if isOpen {
        details(.class("fold"), errors.contains { $0.field.hasPrefix(MappingExtras.newConstant) } ? .open : nil) {
          summary { "Give one value for all records" }
          constant(mapper, forms, errors)
        }
      }
      details(.class("fold"), errors.contains { $0.field == "nothing" } ? .open : nil) {
        summary {
          "Cells that say nothing: "
          clientText(preview(mapper))
        }
        if isOpen { nothing(mapper, forms, errors) } else { p(.dirAuto) { words(mapper).joined(separator: " · ") } }
      }
    }
  }

  private static func constant(_ mapper: Mapper, _ forms: MapperForms, _ errors: [FieldError]) -> HTML {
    let names = [MappingExtras.newConstant, MappingExtras.newConstantValue]
    let state = FormState(FormFields(names.map { ($0, forms.fields?[$0] ?? "") }), errors: errors)
    return div(.class("constants")) {
      selectField(
        names[0], label: "Field that no column becomes", state: state,
        options: [("", "–")] + mapper.mapping.constantFields(of: mapper.batch.entity).map { ($0.name, $0.label) },
        need: .optional)
      textField(
        names[1], label: "Its value", help: "Our own word, or a day as 2021-12-25.", state: state, need: .optional,
        maxLength: MappingExtras.constantLimit)
    }
  }

  private static func words(_ mapper: Mapper) -> [String] { mapper.mapping.rules.nothing ?? MappingRules.usual }

  private static func preview(_ mapper: Mapper) -> String {
    let words = words(mapper)
    if words.isEmpty { return "only empty ones" }
    return words.prefix(4).joined(separator: " · ") + (words.count > 4 ? " · …" : "")
  }

  private static func nothing(_ mapper: Mapper, _ forms: MapperForms, _ errors: [FieldError]) -> HTML {
    let typed = forms.fields?.pairs.first { $0.name == "nothing" }?.value ?? words(mapper).joined(separator: "\n")
    return textArea(
      "nothing", label: "Words that are read as an empty cell", help: "One a line, in whatever case.",
      state: FormState(FormFields([("nothing", typed)]), errors: errors), need: .optional, rows: 6)
  }
}

extension ColumnJoin {
  /// How it is done, for whoever only reads it.
  var words: String {
    switch way {
    case .first: "the first that says something"
    case .all: "all, with “\(separator)” between them"
    }
  }
}

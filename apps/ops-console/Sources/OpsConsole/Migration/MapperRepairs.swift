// Columns whose text looks as if it had been decoded twice, in the mapper: one press repairs them, another undoes that.

import EthicoTypes
import Mapping
import Markup
import Migration
import SourceFiles
import Web

enum MapperRepairs {
  static func notice(_ mapper: Mapper, _ forms: MapperForms) -> HTML {
    let columns = mapper.mapping.columns.filter {
      mapper.broken.contains($0.index) || $0.reading.repair != nil
    }
    guard !columns.isEmpty else { return .nothing }
    let waiting = columns.count { $0.reading.repair == nil }
    let isOpen = forms.may && mapper.batch.state.isOpen
    return section(.class("notice repairs"), .data("meaning", waiting > 0 ? "attention" : "info")) {
      h2 { "Text that was decoded twice" }
      p {
        "It is UTF-8 that somebody read as windows-1252 before it was exported. A repair decodes it again, in cells "
          + "that are such text from end to end; the file and its cells stay as they came."
      }
      ul {
        for column in columns {
          li {
            strong(.dirAuto) { column.name }
            example(column, mapper)
            if isOpen { button(column) } else { badge(column.reading.repair == nil ? "As it came" : "Repaired", .info) }
          }
        }
      }
      if isOpen, columns.count > 1 {
        formActs {
          if waiting > 0 {
            submitButton(
              "Repair all \(columns.count) columns", style: .plain, .name(MappingRepairs.mend),
              .value(MappingRepairs.all))
          }
          if waiting < columns.count {
            submitButton(
              "Undo all repairs", style: .quiet, .name(MappingRepairs.undo), .value(MappingRepairs.all))
          }
        }
      }
    }
  }

  /// What a repair does to a cell of the column, where one may be seen.
  private static func example(_ column: ColumnDecision, _ mapper: Mapper) -> HTML {
    guard !mapper.withheld.contains(column.index), let profile = mapper.profile(of: column),
      let text = (profile.samples + profile.top.map(\.text)).first(where: Mojibake.isEvident),
      let meant = Mojibake.repaired(text)
    else { return .nothing }
    return span(.class("repair-example")) {
      del(.dirAuto) { String(text.prefix(60)) }
      span(.class("visually-hidden")) { " becomes " }
      span(.class("diff-arrow"), .aria("hidden", "true")) { " → " }
      ins(.dirAuto) { String(meant.prefix(60)) }
    }
  }

  private static func button(_ column: ColumnDecision) -> HTML {
    let isRepaired = column.reading.repair != nil
    let label = isRepaired ? "Undo repair" : "Repair"
    return submitButton(
      label, style: [.small], .name(isRepaired ? MappingRepairs.undo : MappingRepairs.mend),
      .value(String(column.index)), .aria("label", "\(label) of \(column.name)"))
  }
}

extension Mapper {
  /// Columns whose text looks as if it had been decoded twice.
  var broken: Set<Int> { batch.shape.brokenColumns }
}

extension SourceShape {
  /// Columns whose text looks as if it had been decoded twice.
  var brokenColumns: Set<Int> { Set(findings.filter { $0.code == .mojibake }.compactMap(\.column)) }
}

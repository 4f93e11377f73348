// What a row as a whole has to be: nobody comes to light who reported anonymously, what is required is there, and days
// follow each other.

import FoundationEssentials
import Mapping
import SourceFiles

extension RowReading {
  /// Who reported an anonymous case never comes over: the row stays behind, and the value in the sealed file; where
  /// somebody decided so the row comes over without it. What cannot be read of it is kept back like the rest.
  func guardAnonymity(_ record: inout RecordBuilder, _ correction: RowCorrection?) {
    let isBlanked = correction?.blanksReporter ?? false
    // Whether the reporter stays anonymous is somebody's to say first, where the source's word is not plain.
    let isOpen = record.issues.contains {
      $0.code == .enumUndecided && $0.position == record.positions["reporter_type"]
    }
    if record["reporter_type"] == nil {
      record["reporter_type"] = .text("anonymous")
      if !isOpen { record.issues.append(RowIssue(.assumedAnonymous, at: record.positions["reporter_type"])) }
    }
    guard record.text("reporter_type") == "anonymous" else { return }
    for name in ReporterIdentity.targets {
      let place = record.positions[name]
      let isUnreadable = record.issues.contains {
        $0.position != nil && $0.position == place && $0.code.level == .blocker
      }
      guard record[name] != nil || isUnreadable else { continue }
      record[name] = nil
      record.issues.removeAll { $0.position != nil && $0.position == place && $0.code.level == .blocker }
      if !isOpen, !isBlanked { record.issues.append(RowIssue(.anonymityIdentity, at: place)) }
    }
    for name in ["narrative", "summary"] where record.text(name).map(CellText.holdsAddress) ?? false {
      record.issues.append(RowIssue(.identityInNarrative, at: record.positions[name]))
    }
  }

  /// Whether it is an event about something of a reporter's, whoever they are: its case may not have come yet.
  func isOfReporter(_ record: RecordBuilder) -> Bool {
    entity == .auditEvent && record.text("field").map(ReporterIdentity.isNamed(by:)) ?? false
  }

  /// That it was changed comes over, from what to what does not.
  func withholdChange(_ record: inout RecordBuilder) {
    for name in ReporterIdentity.changes where record[name] != nil {
      record[name] = .text(ReporterIdentity.withheld)
    }
  }

  /// What is wrong with a cell that is withheld is said without what stands in it.
  func withholdIssues(_ record: inout RecordBuilder) {
    let places = withheldPlaces(record)
    guard !places.isEmpty, !record.issues.isEmpty else { return }
    record.issues = record.issues.map { issue in
      issue.position.map(places.contains) ?? false ? RowIssue(issue.code, at: issue.position) : issue
    }
  }

  func demandRequired(_ record: inout RecordBuilder) {
    for (requirement, places) in requirements {
      if let condition = requirement.condition, record.text(condition.field) != condition.value { continue }
      guard !requirement.anyOf.contains(where: { record[$0] != nil }) else { continue }
      // A cell that was there and could not be read has its issue already.
      guard
        !places.contains(where: { place in record.issues.contains { $0.position == place && $0.code.level == .blocker }
        })
      else { continue }
      let code = requirement.condition.flatMap { IssueCode(rawValue: $0.code) } ?? .requiredMissing
      record.issues.append(RowIssue(code, at: places.first, value: requirement.anyOf.first))
    }
  }

  /// A row without a key has one issue for it: what is wrong with a cell that would be the key, else that there is
  /// none. That the same field is required goes without saying then.
  func sayKeyMissing(_ record: inout RecordBuilder) {
    let names = Set(keys.flatMap { $0 })
    let places = Set(names.compactMap { record.positions[$0] })
    let isUnreadable = record.issues.contains { issue in
      issue.code.level == .blocker && (issue.position.map(places.contains) ?? false)
    }
    guard !isUnreadable else { return }
    let demands = requirements.filter { !names.isDisjoint(with: $0.rule.anyOf) }
    let said = Set(demands.compactMap { $0.rule.anyOf.first })
    record.issues.removeAll { issue in
      issue.code == .requiredMissing && (issue.value.map(said.contains) ?? false)
    }
    record.issues.append(RowIssue(.keyMissing, at: demands.first?.places.first))
  }

  func compareDates(_ record: inout RecordBuilder) {
    guard let received = record.text("received_at")?.prefix(10) else { return }
    if let closed = record.text("closed_at"), closed.prefix(10) < received {
      record.issues.append(RowIssue(.closedBeforeReceived, at: record.positions["closed_at"], value: closed))
    }
    if let incident = record.text("incident_start"), incident.prefix(10) > received {
      record.issues.append(RowIssue(.incidentAfterReceived, at: record.positions["incident_start"], value: incident))
    }
  }

  /// The cells as they came; of an anonymous report, and of what may belong to one, without those that may say who
  /// reported, of an event about something of a reporter's without what it was and became.
  func withheld(_ cells: [String], _ record: RecordBuilder) -> [String] {
    let places = withheldPlaces(record)
    guard !places.isEmpty else { return cells }
    return cells.enumerated().map { index, cell in
      places.contains(index) && !cell.isEmpty ? ReporterIdentity.withheld : cell
    }
  }

  private func withheldPlaces(_ record: RecordBuilder) -> Set<Int> {
    switch entity {
    case .case: record.text("reporter_type") == "anonymous" ? identity : []
    // Whether its case is anonymous is seen once both are here.
    case .attachment, .auditEvent:
      (record.text("parent_entity").map(["case", "attachment"].contains) ?? true ? identity : [])
        .union(isOfReporter(record) ? changes : [])
    case .person, .policy, .attestation, .disclosure: []
    }
  }
}

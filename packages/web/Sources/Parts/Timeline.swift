// What happened, step by step under the heads of days.

public import FoundationEssentials
public import Markup

/// What a step was, which decides its mark.
public enum StepKind: String, Sendable, CaseIterable {
  case enter, exit, view, change, reveal, export, refused, other
}

/// One thing that happened: who, as whom, what.
public struct TimelineStep: Sendable {
  public let at: Date
  public let kind: StepKind
  public let text: HTML
  /// Said beside it, as "sealed #48,211".
  public let note: HTML?
  public let changes: [FieldChange]

  public init(at: Date, kind: StepKind, text: HTML, note: HTML? = nil, changes: [FieldChange] = []) {
    self.at = at
    self.kind = kind
    self.text = text
    self.note = note
    self.changes = changes
  }
}

/// The steps in the order given, a head wherever the day of the viewer changes.
public func timeline(_ steps: [TimelineStep], _ face: ClockFace) -> HTML {
  div(.class("timeline")) {
    for (day, steps) in days(steps, face) {
      h2(.class("day")) { day }
      ol { steps.map { timelineStep($0, face) } }
    }
  }
}

/// One step, as a page renders it and a stream pushes it.
public func timelineStep(_ step: TimelineStep, _ face: ClockFace) -> HTML {
  li(.class("step"), .data("kind", step.kind.rawValue)) {
    face.timeOfDay(step.at)
    " "
    span(.class("step-text")) { step.text }
    if let note = step.note {
      " "
      span(.class("step-note")) { note }
    }
    if !step.changes.isEmpty {
      details(.class("diff")) {
        summary { changedFields(step.changes) }
        diff(step.changes)
      }
    }
  }
}

private func days(_ steps: [TimelineStep], _ face: ClockFace) -> [(day: String, steps: [TimelineStep])] {
  var days: [(day: String, steps: [TimelineStep])] = []
  for step in steps {
    let day = face.day(step.at)
    if days.last?.day == day {
      days[days.count - 1].steps.append(step)
    } else {
      days.append((day, [step]))
    }
  }
  return days
}

/// The names of the first fields and how many more there are.
private func changedFields(_ changes: [FieldChange]) -> String {
  let named = changes.prefix(4).map(\.label).joined(separator: ", ")
  return changes.count > 4 ? "\(named) and \(grouped(changes.count - 4)) more" : named
}

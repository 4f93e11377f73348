// What happened, step by step under the heads of days.

public import FoundationEssentials
public import Markup

/// What a step was, which decides its mark.
public enum StepKind: String, Sendable, CaseIterable {
  case enter, exit, view, change, reveal, export, refused, other
}

/// One thing that happened: who, as whom, what.
public struct TimelineStep: Sendable {
  /// When it happened; shown as the viewer's time of day, under the head of the day.
  public let at: Date
  /// Decides the mark in front of it.
  public let kind: StepKind
  /// The sentence beside the time: who, as whom, what.
  public let text: HTML
  /// Said beside it, as "sealed #48,211".
  public let note: HTML?
  /// The fields that it changed, folded under it.
  public let changes: [FieldChange]
  /// What followed from it elsewhere, a line each.
  public let effects: StepEffects
  /// What else is known of it, for those who look closely.
  public let facts: [(name: String, value: HTML)]

  /// Without changes, effects and facts a step is one line.
  public init(
    at: Date, kind: StepKind, text: HTML, note: HTML? = nil, changes: [FieldChange] = [],
    effects: StepEffects = .none, facts: [(name: String, value: HTML)] = []
  ) {
    self.at = at
    self.kind = kind
    self.text = text
    self.note = note
    self.changes = changes
    self.effects = effects
    self.facts = facts
  }
}

/// What followed from a step elsewhere.
public struct StepEffects: Sendable {
  let lines: [HTML]
  let count: Int

  /// - Parameters:
  ///   - lines: as many as are shown.
  ///   - count: how many there are.
  public init(_ lines: [HTML], of count: Int) {
    self.lines = lines
    self.count = count
  }

  /// Of a step from which nothing followed elsewhere.
  public static let none = StepEffects([], of: 0)
  /// So many stand in sight; more are folded behind their number.
  static let inSight = 3
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
    effectLines(step.effects)
    if !step.facts.isEmpty {
      details(.class("step-facts")) {
        summary { "Details" }
        properties(step.facts)
      }
    }
  }
}

private func effectLines(_ effects: StepEffects) -> HTML {
  guard effects.count > 0 else { return .nothing }
  let list = ul(.class("step-effects")) {
    for line in effects.lines { li { line } }
    if effects.count > effects.lines.count { li { "and \(grouped(effects.count - effects.lines.count)) more" } }
  }
  guard effects.count > StepEffects.inSight else { return list }
  return details(.class("step-fold")) {
    summary { "\(grouped(effects.count)) effects" }
    list
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

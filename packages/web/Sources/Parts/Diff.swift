// What changed, field by field: short values as before → after, long text word by word, unchanged fields folded.

public import Markup

/// One field before and after, as text; `nil` where there was nothing.
public struct FieldChange: Sendable, Hashable {
  /// What the field is called on the page.
  public let label: String
  /// `nil` where there was nothing; an empty text is shown as `(empty)`.
  public let before: String?
  /// `nil` where nothing is left; where either has 60 characters or more, words are compared.
  public let after: String?

  /// A field before and after; where both are the same it is folded away as unchanged.
  public init(label: String, before: String?, after: String?) {
    self.label = label
    self.before = before
    self.after = after
  }
}

/// The fields that changed, then those that did not, folded.
public func diff(_ changes: [FieldChange]) -> HTML {
  let unchanged = changes.filter { $0.before == $0.after }
  return HTML {
    dl(.class("diff-fields")) { changes.filter { $0.before != $0.after }.map(diffField) }
    if !unchanged.isEmpty {
      details(.class("diff-unchanged")) {
        summary { counted(unchanged.count, "unchanged field") }
        dl(.class("diff-fields")) { unchanged.map(diffField) }
      }
    }
  }
}

private func diffField(_ change: FieldChange) -> HTML {
  div(.class("diff-field")) {
    dt(.dirAuto) { change.label }
    dd(.dirAuto) { diffValue(change.before, change.after) }
  }
}

/// From this many characters on, a text is compared word by word.
private let longText = 60

private func diffValue(_ before: String?, _ after: String?) -> HTML {
  guard before != after else { return diffSide(before) { .text($0) } }
  if let before, let after, max(before.count, after.count) >= longText {
    let pieces = wordDiff(before, after)
    if pieces.contains(where: { $0.kind != .kept }) { return .group(pieces.map(diffPiece)) }
  }
  return HTML {
    diffSide(before) { text in del(.dirAuto) { text } }
    span(.class("visually-hidden")) { " became " }
    span(.class("diff-arrow"), .aria("hidden", "true")) { " → " }
    diffSide(after) { text in ins(.dirAuto) { text } }
  }
}

private func diffSide(_ text: String?, _ shown: (String) -> HTML) -> HTML {
  guard let text else { return dash }
  return text.isEmpty ? span(.class("muted")) { "(empty)" } : shown(text)
}

private func diffPiece(_ piece: WordDiffPiece) -> HTML {
  switch piece.kind {
  case .kept: .text(piece.text)
  case .removed: del { piece.text }
  case .added: ins { piece.text }
  }
}

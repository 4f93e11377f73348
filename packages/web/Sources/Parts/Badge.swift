// A state as a mark and a word: the same state looks the same on every page.

public import Markup

/// What a state means to the person who looks. The style sheet knows each by a colour; the word says it too.
public enum Meaning: String, Sendable, CaseIterable {
  case good, attention, bad, info, away, neutral
}

/// `● word`, the word from the vocabulary.
public func badge(_ word: String, _ meaning: Meaning) -> HTML {
  span(.class("badge"), .data("meaning", meaning.rawValue)) {
    span(.class("badge-mark"), .aria("hidden", "true")) { "●" }
    " " + word
  }
}

// What a flag says to a person: its value, the rule that decided, and why a change was refused.

import Access
import EthicoTypes
package import Flags
import FoundationEssentials
import HTTPTypes
import Markup
public import Web

/// The badge of what a flag says: the same on every page.
func flagBadge(_ value: FlagValue) -> HTML {
  switch value {
  case .on: badge(value.label, .good)
  case .off: badge(value.label, .neutral)
  }
}

/// When a flag is to be gone, and whether it is late.
func flagEnd(_ flag: Flag, at moment: Date) -> HTML {
  HTML {
    flag.end
    if flag.end < ClockFace.iso(moment).prefix(10) {
      " "
      badge("Overdue", .attention)
    }
  }
}

/// What a flag switches; of one that nothing asks, that nothing does.
func flagPurpose(_ flag: Flag) -> HTML {
  guard flag.place == nil else { return .text(flag.purpose) }
  return HTML {
    badge("Not used", .neutral)
    " Nothing in this release asks it: on or off, it changes nothing yet. It is to switch: \(flag.purpose)"
  }
}

extension ClientFlag {
  /// The rule that decided, in a sentence.
  var why: String {
    switch verdict.reason {
    case .killSwitch: "The kill switch is on: it is off for everybody."
    case .override: "Set here, for this client alone."
    case .tier: "On for the tier \(tier.label)."
    case .percentage: "\(shareWords ?? "A share of clients has it"); this client stands at \(place) %."
    case .fallback: "Nothing is set: the default."
    case .error: "What is set cannot be read: the default holds."
    }
  }

  /// `On for 11 % of clients`; `nil` where there is no such rule.
  var shareWords: String? {
    guard case .read(let rule) = fleet.rule, let share = rule.share else { return nil }
    return "On for \(FlagRule.percent(share)) % of clients"
  }

  /// Where this client stands, as a percentage: it has the feature from the next share on.
  var place: String { FlagRule.percent(flag.bucket(of: tenant)) }
}

extension FlagRefusal: Refusal {
  package var setback: Setback {
    switch self {
    case .stale(let flag):
      .stale(
        title: "“\(flag.label)” was changed while you looked at it.",
        advice: "Nothing of yours was saved. What holds now stands below.")
    case .already(let flag):
      Setback(
        .conflict, "already", "“\(flag.label)” is set that way already.", "Nothing was changed.")
    }
  }
}

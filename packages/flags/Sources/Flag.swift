// The feature flags that there are, with their defaults: what holds when nothing else can be read.

public import EthicoTypes

/// One feature flag.
public struct Flag: Sendable, Hashable {
  /// As rows, addresses and the trail name it: lower case letters, digits and `_`, at most 80; never changed.
  public let key: String
  /// What pages call it, in sentence case.
  public let label: String
  /// What it switches, where it is asked.
  public let purpose: String
  /// Where this release asks it; `nil` for one that is there ahead of what it will switch.
  public var place: String?
  /// Which team answers for it.
  public let owner: String
  /// When it is to be gone, as `2027-03-31`: a flag is no setting.
  public let end: String
  /// What holds where no rule applies, or what is set cannot be read.
  public let fallback: FlagValue

  /// The flag of that key.
  public static func named(_ key: String) -> Flag? {
    all.first { $0.key == key }
  }

  /// Whether a language model outside may be asked for this client: with names and shapes of columns, never with what
  /// stands in them.
  public static let aiAssistant = Flag(
    key: "ai_assistant", label: "AI assistant",
    purpose: "Asking a language model about columns of an import that have no field: their names and shapes, no value.",
    place: "Reading a file of a data migration", owner: "Implementation", end: "2027-12-31", fallback: .off)

  /// Whether several cases can be selected in their list and be given another lead by one act.
  public static let bulkOperations = Flag(
    key: "bulk_operations", label: "Bulk operations", purpose: "Assigning many cases at once.",
    place: "The list of cases", owner: "Case management", end: "2027-03-31", fallback: .off)

  /// Every flag, by key.
  public static let all: [Flag] = [
    .aiAssistant,
    Flag(
      key: "ai_case_summary", label: "AI case summary", purpose: "A draft summary above a case’s reports.",
      owner: "Case management", end: "2027-06-30", fallback: .off),
    .bulkOperations,
    Flag(
      key: "campaign_calendar", label: "Campaign calendar", purpose: "Campaigns on a calendar beside the list.",
      owner: "Policies and campaigns", end: "2027-02-28", fallback: .off),
    Flag(
      key: "new_investigation_ui", label: "New investigation page", purpose: "The investigation’s plan on one page.",
      owner: "Case management", end: "2027-05-31", fallback: .off),
    Flag(
      key: "reporter_chat", label: "Chat with reporters", purpose: "Messages to anonymous reporters as a conversation.",
      owner: "Hotline", end: "2027-04-30", fallback: .on),
  ]
}

/// What a flag says.
public enum FlagValue: String, Term {
  case on, off
}

// The settings that a client may change: one list, from which pages, checks and rows come.

import EthicoTypes

/// One setting, as it is for every client.
package struct Setting: Sendable, Hashable {
  package let key: String
  package let label: String
  package let help: String
  package let kind: Kind
  /// What holds where nobody has set it, as text.
  package let fallback: String

  /// What values a setting takes.
  package enum Kind: Sendable, Hashable {
    case text(limit: Int)
    /// Languages by their tags, with commas between them [BCP 47].
    case languages
    /// `true` or `false`.
    case `switch`
    case number(ClosedRange<Int>)
  }

  /// The first word of the key, by which settings stand together.
  package var group: String {
    key.prefix { $0 != "." }.description
  }

  /// The setting of that key.
  package static func named(_ key: String) -> Setting? {
    all.first { $0.key == key }
  }

  /// Every setting, in the order of the pages.
  package static let all: [Setting] = [
    Setting(
      key: "intake.web_form_enabled", label: "Web form", help: "Whether reports can be made on the web.", kind: .switch,
      fallback: "true"),
    Setting(
      key: "intake.anonymous_allowed", label: "Anonymous reports", help: "Whether a reporter may stay unknown.",
      kind: .switch, fallback: "true"),
    Setting(
      key: "intake.languages", label: "Languages",
      help: "What reports can be made in: tags with commas, as en, es, fr.", kind: .languages, fallback: "en"),
    Setting(
      key: "cases.default_sla_days", label: "Days to close a case",
      help: "Where a case's category does not say: 1 to 365.", kind: .number(1...365), fallback: "30"),
    Setting(
      key: "cases.auto_acknowledge", label: "Acknowledge reports",
      help: "Whether a reporter is told at once that it came.", kind: .switch, fallback: "true"),
    Setting(
      key: "notifications.daily_digest", label: "Daily digest",
      help: "Whether people get one mail a day of what is due.", kind: .switch, fallback: "true"),
    Setting(
      key: "notifications.digest_hour", label: "Hour of the digest", help: "In the client's time zone: 0 to 23.",
      kind: .number(0...23), fallback: "8"),
    Setting(
      key: "security.session_minutes", label: "Minutes until sign-out", help: "Without any activity: 5 to 720.",
      kind: .number(5...720), fallback: "60"),
    Setting(
      key: "security.second_factor_required", label: "Second factor required",
      help: "Whether signing in takes two factors.", kind: .switch, fallback: "false"),
    Setting(
      key: "branding.portal_title", label: "Title of the portal", help: "What reporters read on top of every page.",
      kind: .text(limit: 80), fallback: "Ethics and compliance"),
    Setting(
      key: "retention.closed_case_years", label: "Years to keep closed cases", help: "Then they are deleted: 1 to 30.",
      kind: .number(1...30), fallback: "7"),
    Setting(
      key: "migration.purge_days", label: "Days to keep migration files",
      help: "After the client has signed its data migration off: 7 to 365. Then what came in files is removed.",
      kind: .number(7...365), fallback: "30"),
  ]
}

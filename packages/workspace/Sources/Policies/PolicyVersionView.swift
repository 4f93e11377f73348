// The page of one version: its text as it was published, and what changed against another.

import Access
import EthicoTypes
import Markup
import Web

enum PolicyVersionView {
  static func page(_ file: PolicyVersionFile, _ context: Inside) -> Page {
    let policies = context.acting.path("policies")
    let policy = policies.appending(file.policy.id)
    let here = policy.appending("versions").appending(file.shown.number)
    return Page(
      "\(file.shown.title), version \(file.shown.number)", section: policies,
      crumbs: [Crumb("Policies", policies), Crumb(file.policy.title, policy)],
      trace: "\(file.policy.title), version \(file.shown.number)", value: PolicyVersionBody(file.shown)
    ) { frame in
      pageHead(file.shown.title, facts: facts(file))
      columns {
        div {
          if let other = file.other { comparison(other, file.shown) }
          panel("Text as published") { policyText(file.shown.body, file.shown.language) }
        }
        div {
          panel("Version") {
            properties([
              ("What changed", clientText(file.shown.changeNote)),
              ("Published", frame.face.moment(file.shown.publishedAt)),
              ("Compare with", others(file, here)),
            ])
          }
        }
      }
    }
  }

  private static func facts(_ file: PolicyVersionFile) -> [HTML] {
    [
      .text("version \(file.shown.number)"),
      file.shown.number == file.policy.currentVersion
        ? policyBadge(file.policy.status) : badge("Superseded", .neutral),
      .text(languageName(file.shown.language)),
    ]
  }

  private static func comparison(_ other: PolicyVersion, _ shown: PolicyVersion) -> HTML {
    let isOlder = (other.publishedAt, other.number) < (shown.publishedAt, shown.number)
    let (older, newer) = isOlder ? (other, shown) : (shown, other)
    return panel("Version \(older.number) → version \(newer.number)") {
      policyDiff([("Title", older.title, newer.title), ("Text", older.body, newer.body)])
    }
  }

  private static func others(_ file: PolicyVersionFile, _ here: Path) -> HTML {
    let rest = file.versions.filter { $0.number != file.shown.number && $0.number != file.other?.number }
    return HTML {
      for version in rest.prefix(12) {
        a(.href(here.query("against", version.number))) { "version \(version.number)" }
        " "
      }
    }
  }
}

/// A policy's text in its own language and direction.
func policyText(_ text: String, _ language: String) -> HTML {
  div(.lang(language)) { prose(text) }
}

/// What changed in a policy's words, its paragraphs kept apart.
func policyDiff(_ fields: [(label: String, before: String, after: String)]) -> HTML {
  div(.class("policy-diff")) {
    diff(fields.map { FieldChange(label: $0.label, before: $0.before, after: $0.after) })
  }
}

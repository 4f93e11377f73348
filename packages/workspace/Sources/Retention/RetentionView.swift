// How long a client's records are kept: one small form a kind.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum RetentionView {
  static func page(
    _ rules: [RetentionRule], _ history: [TrailStep], _ refused: RefusedRule?, _ context: Inside
  ) -> Page {
    let here = SettingTab.retention.path(context.acting)
    let general = SettingTab.general.path(context.acting)
    return SettingTab.retention.page(
      context, value: RetentionListBody(items: rules.map(RetentionBody.init))
    ) { frame in
      HTML {
        doneLine(rules, frame)
        setbackPanel(refused?.setback)
      }
    } content: { frame in
      section(.class("panel settings")) {
        h2 { "How long records are kept" }
        p(.class("muted")) {
          "Without a rule a kind is kept for as long as the client is one. Closed cases have their years under "
          a(.href(general)) { "General" }
          ". Nothing is deleted from this page."
        }
        if context.acting.may(.manageSettings) {
          for kind in RetainedKind.allCases {
            form(kind, rules.first { $0.kind == kind }, refused?.kind == kind ? refused : nil, here, frame)
          }
        } else {
          properties(
            RetainedKind.allCases.map { kind in
              (name: kind.label, value: standing(rules.first { $0.kind == kind }, frame))
            })
        }
      }
      historyPanel(history, joined: names(rules, history), frame)
    }
  }

  /// Of what each rule is, or was.
  private static func names(_ rules: [RetentionRule], _ history: [TrailStep]) -> [String: String] {
    let now = Dictionary(uniqueKeysWithValues: rules.map { ($0.id.description, $0.kind.label) })
    return now.merging(history.lastNames(in: "kind").mapValues { RetainedKind(rawValue: $0)?.label ?? $0 }) { now, _ in
      now
    }
  }

  private static func doneLine(_ rules: [RetentionRule], _ frame: Frame) -> HTML {
    guard let kind = frame.done.flatMap(RetainedKind.init(rawValue:)) else { return .nothing }
    let rule = rules.first { $0.kind == kind }
    return resultLine(
      .text("\(kind.label): \(rule.map { "kept \(grouped($0.days)) days." } ?? "kept without a rule.")"))
  }

  private static func standing(_ rule: RetentionRule?, _ frame: Frame) -> HTML {
    guard let rule else { return "No rule" }
    return HTML {
      "\(grouped(rule.days)) days · set "
      frame.face.ago(rule.changedAt)
    }
  }

  private static func form(
    _ kind: RetainedKind, _ rule: RetentionRule?, _ refused: RefusedRule?, _ here: Path, _ frame: Frame
  ) -> HTML {
    let stored = rule.map { String($0.days) } ?? ""
    let state = FormState(
      FormFields([(name: kind.rawValue, value: refused?.typed ?? stored)]),
      errors: (refused?.setback.errors ?? []).map { FieldError(kind.rawValue, $0.message) })
    return postForm(
      here.appending(kind.rawValue), frame.secrets(kind.rawValue), version: rule?.version ?? 0, state: state,
      leaving: .silent
    ) {
      textField(
        kind.rawValue, label: kind.label,
        help: "Days, \(RetentionRule.days.lowerBound) to \(grouped(RetentionRule.days.upperBound)).", state: state,
        kind: .number, size: .short)
      formActs {
        p { standing(rule, frame) }
        submitButton("Save", style: .small, .aria("label", "Save \(kind.label)"))
        if rule != nil {
          submitButton(
            "Clear", style: [.small, .quiet], .name("clear"), .value("1"), .aria("label", "Clear \(kind.label)"))
        }
      }
    }
  }
}

/// Every rule of a client.
struct RetentionListBody: Encodable, Sendable {
  let items: [RetentionBody]
}

/// A rule as programs read it.
struct RetentionBody: Encodable, Sendable {
  let kind: RetainedKind
  let days: Int
  let changed: Date
  let version: Int

  init(_ rule: RetentionRule) {
    kind = rule.kind
    days = rule.days
    changed = rule.changedAt
    version = rule.version
  }
}

// The general settings of a client, each with a small form of its own.

import Access
import EthicoTypes
package import Markup
package import Web

package enum SettingListView {
  static func page(
    _ settings: [ClientSetting], _ history: [TrailStep], _ refused: RefusedSetting?, _ context: Inside
  ) -> Page {
    let here = context.acting.path("settings")
    let body = SettingListBody(items: settings.map(SettingBody.init))
    return Page("Settings", section: here, value: body) { frame in
      doneLine(settings, frame)
      setbackPanel(refused?.setback)
      pageHead("Settings")
      SettingTab.general.tabs(context.acting)
      for group in groups(settings) {
        section(.class("panel settings")) {
          h2 { word(group[0].setting.group) }
          if context.acting.may(.manageSettings) {
            for found in group { form(found, refused, here, frame) }
          } else {
            properties(group.map { (name: $0.setting.label, value: standing($0, frame)) })
          }
        }
      }
      historyPanel(
        history, joined: Dictionary(uniqueKeysWithValues: settings.map { ($0.setting.key, $0.setting.label) }), frame)
    }
  }

  /// Settings that share their first word, in the order of the list.
  private static func groups(_ settings: [ClientSetting]) -> [[ClientSetting]] {
    settings.reduce(into: []) { groups, found in
      if groups.last?.last?.setting.group == found.setting.group {
        groups[groups.count - 1].append(found)
      } else {
        groups.append([found])
      }
    }
  }

  private static func doneLine(_ settings: [ClientSetting], _ frame: Frame) -> HTML {
    guard let done = settings.first(where: { $0.setting.key == frame.done }) else { return .nothing }
    return resultLine(
      HTML {
        "\(done.setting.label) is now "
        clientText(done.setting.shown(done.value))
        done.stored == nil ? ", the default." : "."
      })
  }

  /// What holds, and since when.
  private static func standing(_ found: ClientSetting, _ frame: Frame) -> HTML {
    HTML {
      clientText(found.setting.shown(found.value))
      if let stored = found.stored {
        " · set "
        frame.face.ago(stored.changedAt)
        " · default \(found.setting.shown(found.inherited.value))"
      } else {
        " · default"
      }
    }
  }

  private static func form(_ found: ClientSetting, _ refused: RefusedSetting?, _ here: Path, _ frame: Frame) -> HTML {
    let setting = found.setting
    let state = state(of: found, refused)
    return postForm(
      here.appending(setting.key), frame.secrets(setting.key), version: found.version, state: state, leaving: .silent
    ) {
      control(setting, state)
      formActs {
        p { standing(found, frame) }
        submitButton("Save", style: .small, .aria("label", "Save \(setting.label)"))
        if found.stored != nil {
          submitButton(
            "Clear to default", style: [.small, .quiet], .name("clear"), .value("1"),
            .aria("label", "Clear \(setting.label) to its default"))
        }
      }
    }
  }

  /// What the form holds: what was typed where it was refused, else what holds. Its field is named by the key, so that
  /// every label on the page leads to its own control.
  private static func state(of found: ClientSetting, _ refused: RefusedSetting?) -> FormState {
    let key = found.setting.key
    guard let refused, refused.setting == found.setting else { return FormState([(name: key, value: found.value)]) }
    return FormState(
      FormFields([(name: key, value: refused.typed ?? found.value)]),
      errors: refused.setback.errors.map { FieldError(key, $0.message) })
  }

  /// The control that fits the setting's kind, named by its key.
  package static func control(_ setting: Setting, _ state: FormState) -> HTML {
    switch setting.kind {
    case .text(let limit):
      textField(setting.key, label: setting.label, help: setting.help, state: state, maxLength: limit)
    case .languages:
      textField(setting.key, label: setting.label, help: setting.help, state: state, maxLength: 400)
    case .number:
      textField(setting.key, label: setting.label, help: setting.help, state: state, kind: .number, size: .short)
    case .switch:
      radioGroup(
        setting.key, label: setting.label, help: setting.help, state: state,
        options: [("true", "On"), ("false", "Off")])
    }
  }
}

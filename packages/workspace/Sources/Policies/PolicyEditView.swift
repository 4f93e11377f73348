// The forms in which a policy is written and its draft is changed.

import Access
import EthicoTypes
import Markup
import Web

enum PolicyEditView {
  static func adding(_ state: FormState, setback: Setback?, _ context: Inside) -> Page {
    let policies = context.acting.path("policies")
    return Page(
      "Write a policy", section: policies, crumbs: [Crumb("Policies", policies)], value: PolicyFormBody(version: nil)
    ) { frame in
      setbackPanel(setback)
      pageHead("Write a policy")
      postForm(policies, frame.secrets("add"), state: state) {
        policyFields(state, subject: openSubject(state))
        formActs {
          submitButton("Save draft")
          linkButton("Discard draft", to: policies, style: .quiet)
        }
      }
    }
  }

  static func editing(_ found: Policy, _ state: FormState, setback: Setback?, _ context: Inside) -> Page {
    let policies = context.acting.path("policies")
    let here = policies.appending(found.id)
    return Page(
      "Edit \(found.title)", section: policies, crumbs: [Crumb("Policies", policies), Crumb(found.title, here)],
      trace: found.title, value: PolicyFormBody(version: found.version)
    ) { frame in
      pageHead("Edit \(found.title)", facts: facts(found))
      setbackPanel(setback)
      if setback?.isStale == true { storedBeside(found.fields, state) }
      if found.isDraft {
        postForm(here.appending("edit"), frame.secrets("edit"), version: found.version, state: state) {
          policyFields(state, subject: found.currentVersion == nil ? openSubject(state) : settledSubject(found))
          formActs {
            submitButton("Save draft")
            linkButton("Discard changes", to: here, style: .quiet)
          }
        }
      } else {
        closed(found, state, here)
      }
    }
  }

  private static func facts(_ found: Policy) -> [HTML] {
    [policyBadge(found.status)] + (found.working.status.map { [workingCopyBadge($0)] } ?? [])
  }

  /// What stands where the form would: the text cannot be edited now. What was typed is shown, so that it is not lost.
  private static func closed(_ found: Policy, _ state: FormState, _ here: Path) -> HTML {
    HTML {
      if let typed = state.fields["body"], typed != found.working.body {
        panel("What you typed") { prose(typed) }
      }
      nothingYet(
        "This text is not a draft",
        found.openStatus == .published
          ? "It is published. Begin a working copy on the policy’s page, and edit that."
          : "It stands as it was submitted. Send it back to draft on the policy’s page, and edit it then.",
        act: linkButton("Back to the policy", to: here))
    }
  }

  /// What the policy is about and its language, as long as nothing is published.
  private static func openSubject(_ state: FormState) -> HTML {
    HTML {
      selectField("type", label: "Type", state: state, options: [("", "Choose a type")] + choices(PolicyType.self))
      selectField(
        "language", label: "Language", state: state, options: PolicyDraft.languages.map { ($0, languageName($0)) })
    }
  }

  /// The same, shown: what has been published keeps them.
  private static func settledSubject(_ found: Policy) -> HTML {
    HTML {
      hiddenField("type", found.type.rawValue)
      hiddenField("language", found.language)
      properties([("Type", .text(found.type.label)), ("Language", .text(languageName(found.language)))])
    }
  }

  private static func policyFields(_ state: FormState, subject: HTML) -> HTML {
    HTML {
      textField("title", label: "Title", state: state, maxLength: PolicyDraft.titleLimit, size: .long)
      subject
      textArea(
        "body", label: "Text", help: "An empty line begins a paragraph. A draft may stay unfinished.", state: state,
        need: .optional, rows: 20, maxLength: PolicyDraft.bodyLimit)
    }
  }
}

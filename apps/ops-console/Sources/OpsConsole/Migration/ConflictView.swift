// What a re-import left to a person, field by field: what the source says, what stands here, who wrote that and when.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Migration
import Web

enum ConflictView {
  static func page(_ tenant: Tenant, _ list: ConflictList, _ forms: ConflictForms) -> Page {
    Page(
      "Conflicts", section: "/tenants", crumbs: MapperView.crumbs(tenant, list.batch), trace: list.batch.title,
      value: ConflictsBody(list)
    ) { frame in
      decided(frame)
      setbackPanel(forms.setback)
      errorSummary(forms.setback?.errors ?? [], "Nothing was decided")
      pageHead("Conflicts", facts: [clientText(list.batch.title), openBadge(list.open)])
      if list.open == 0 {
        nothingYet(
          "Nothing to decide",
          "Where a record was edited here after it had been imported, and the source now says something else, both "
            + "stand here until somebody has decided. Nothing is overwritten before.")
      } else {
        p(.class("lead")) {
          "These fields were edited here after they had been imported, and the source now says something else. Ours "
          "stands until you decide. What you take from the source can be undone with the batch."
        }
        table(tenant, list, forms, frame)
        if forms.mayDecide { all(tenant, list, frame) } else { notYours(.migrationRun) }
      }
    }
  }

  /// What the act before this page came to: `source 12 1`.
  private static func decided(_ frame: Frame) -> HTML {
    guard let words = frame.done?.split(separator: " "), words.count == 3,
      let choice = ConflictChoice(rawValue: String(words[0])), let count = Int(words[1]), let left = Int(words[2])
    else { return .nothing }
    let noun = counted(count, "field")
    let sentence = choice == .ours ? "Ours is kept in \(noun)." : "The source’s is taken over in \(noun)."
    let rest =
      left == 0 ? "" : " \(grouped(left)) stay open: changed here meanwhile, or refused by a rule of the workspace."
    return resultLine(.text(sentence + rest))
  }

  static func openBadge(_ count: Int) -> HTML {
    count == 0 ? badge("None open", .good) : badge("\(grouped(count)) to decide", .attention)
  }

  private static func table(_ tenant: Tenant, _ list: ConflictList, _ forms: ConflictForms, _ frame: Frame) -> HTML {
    let home = Path.batch(list.batch.id, of: tenant)
    let here = home.appending("conflicts")
    let columns: [Column<Conflict>] = [
      Column("Record", kind: .link) { conflict in record(conflict, tenant, home, forms) },
      Column("Field") { conflict in strong { fieldLabel(conflict.field) } },
      Column("Ours") { conflict in value(conflict.ours, conflict.field, frame) },
      Column("The source’s") { conflict in value(conflict.source, conflict.field, frame) },
      Column("Edited here") { conflict in edited(conflict, list, frame) },
    ]
    let selection = Selection<Conflict>(
      form: "resolve", value: { $0.pick.description }, name: { "\($0.key), \(fieldLabel($0.field))" },
      isChosen: { forms.picked.contains($0.id) })
    return HTML {
      dataTable("Fields to decide", list.shown, columns: columns, selection: forms.mayDecide ? selection : nil)
      pagination(
        shown: list.shown.count, first: list.position == .start ? nil : here,
        next: list.page.count > list.shown.count
          ? list.shown.last.map { ConflictPosition(row: $0.rowNumber, field: $0.field).page(of: here) } : nil)
      if forms.mayDecide {
        selectionBar(form: "resolve", action: list.position.page(of: here), frame.secrets("resolve")) {
          submitButton("Keep ours", style: .plain, .name("choice"), .value("ours"))
          submitButton("Take the source’s", style: .primary, .name("choice"), .value("source"))
        }
      }
    }
  }

  private static func record(
    _ conflict: Conflict, _ tenant: Tenant, _ home: Path, _ forms: ConflictForms
  ) -> HTML {
    HTML {
      a(.href(home.appending("rows").appending(conflict.rowNumber)), .dirAuto) { conflict.key }
      br()
      span(.class("muted")) { "row \(grouped(conflict.rowNumber))" }
      if forms.mayEnter, let page = conflict.page {
        " · "
        a(
          .href(Path.enter(tenant).query("open", WorkspacePlace(page).text)),
          .aria("label", "Open \(conflict.key) in the workspace")
        ) { "Open" }
      }
    }
  }

  private static func edited(_ conflict: Conflict, _ list: ConflictList, _ frame: Frame) -> HTML {
    guard let editedBy = conflict.editedBy else { return dash }
    return HTML {
      span(.dirAuto) { actorName(editedBy, list.names) }
      if let editedAt = conflict.editedAt {
        br()
        frame.face.ago(editedAt)
      }
    }
  }

  private static func value(_ text: String?, _ field: String, _ frame: Frame) -> HTML {
    guard let text, !text.isEmpty else { return dash }
    if field.hasSuffix("_at"), let moment = moment(text) { return frame.face.moment(moment) }
    if words.contains(field) { return .text(ValueView.label(of: text)) }
    if field == "amount_minor", let minor = Int(text) { return .text(money(minor)) }
    guard text.count > foldedLength else { return clientText(text) }
    return details(.class("fold")) {
      summary(.dirAuto) { String(text.prefix(foldedLength)) + "…" }
      p(.class("prose"), .dirAuto) { text }
    }
  }

  /// From this many characters on, a text is folded.
  private static let foldedLength = 160

  /// Columns that take only certain words.
  private static let words: Set<String> = [
    "stage", "severity", "outcome", "status", "state", "type", "kind", "working_status", "investigation_state",
  ]

  /// A time as the database writes it in JSON.
  private static func moment(_ text: String) -> Date? {
    try? Date(text, strategy: .iso8601.time(includingFractionalSeconds: text.contains(".")))
  }

  private static func money(_ minor: Int) -> String {
    let cents = String(minor % 100 + 100).suffix(2)
    return "\(grouped(minor / 100)).\(cents)"
  }

  /// A column as people call it.
  static func fieldLabel(_ field: String) -> String {
    switch field {
    case "category_id": "Category"
    case "employee_id": "Employee"
    case "org_unit_id": "Unit"
    case "lead_id": "Lead"
    case "member_ids": "Also working on it"
    case "investigation_investigator_id": "Investigator"
    case "email": "E-mail"
    case "amount_minor": "Value"
    case "expires_at": "Holds until"
    case "working_body": "Draft text"
    case "working_title": "Draft title"
    case "working_status": "Draft status"
    case "current_version": "Version"
    default: word(field.hasSuffix("_at") ? String(field.dropLast(3)) : field)
    }
  }

  // MARK: All at once

  private static func all(_ tenant: Tenant, _ list: ConflictList, _ frame: Frame) -> HTML {
    let here = Path.batch(list.batch.id, of: tenant).appending("conflicts")
    let count = min(list.open, Conflict.atOnce)
    let noun = count == 1 ? "the open field of this batch" : "\(grouped(count)) open fields, those on other pages too"
    return formDanger(
      "All at once",
      consequence: "Decides \(noun). What was changed here after the import had looked, and what a rule of the "
        + "workspace refuses, stays open."
    ) {
      div(.class("form-acts")) {
        for (choice, label) in [("ours", "Keep ours in all"), ("source", "Take the source’s in all")] {
          postButton(
            label, to: here, frame.secrets("all-" + choice), fields: [("scope", "all"), ("choice", choice)],
            style: choice == "source" ? .danger : .plain)
        }
      }
    }
  }
}

/// The open conflicts of a batch, for programs.
struct ConflictsBody: Encodable, Sendable {
  let open: Int
  let items: [Item]
  /// Where the next page begins.
  let next: String?

  struct Item: Encodable, Sendable {
    /// What is sent to decide it.
    let item: String
    let row: Int
    let key: String
    let field: String
    let source: String?
    let ours: String?
    let editedBy: String?
    let edited: Date?
    let page: String?

    enum CodingKeys: String, CodingKey {
      case item, row, key, field, source, ours, edited, page
      case editedBy = "edited_by"
    }
  }

  init(_ list: ConflictList) {
    open = list.open
    items = list.shown.map { conflict in
      Item(
        item: conflict.pick.description, row: conflict.rowNumber, key: conflict.key, field: conflict.field,
        source: conflict.source, ours: conflict.ours,
        editedBy: conflict.editedBy.map { actorName($0, list.names) }, edited: conflict.editedAt,
        page: conflict.page.map { WorkspacePlace($0).text })
    }
    next =
      list.page.count > list.shown.count
      ? list.shown.last.map { ConflictPosition(row: $0.rowNumber, field: $0.field).description } : nil
  }
}

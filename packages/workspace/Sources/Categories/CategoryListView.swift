// The categories in the client's order, and their JSON face.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

enum CategoryListView {
  static func page(_ categories: [Category], _ setback: Setback?, _ context: Inside) -> Page {
    let acting = context.acting
    let here = SettingTab.categories.path(acting)
    let mayChange = acting.may(.manageSettings)
    return SettingTab.categories.page(
      context, value: CategoryListBody(items: categories.map { CategoryBody($0, acting) }),
      acts: mayChange ? linkButton("Add a category", to: here.appending("new"), style: .primary) : .nothing
    ) { frame in
      HTML {
        if frame.done == "moved" { resultLine("The order is saved.") }
        setbackPanel(setback)
        errorSummary(setback?.errors ?? [])
      }
    } content: { frame in
      if categories.isEmpty {
        nothingYet(
          "No categories yet", "A category says how grave its cases are, how long they may take and who gets them.")
      } else {
        table(categories, here, acting, frame)
      }
    }
  }

  private static func table(_ categories: [Category], _ here: Path, _ acting: ActingContext, _ frame: Frame) -> HTML {
    var columns: [Column<Category>] = [
      Column("Category", kind: .link) { row in
        if row.parentID != nil { span(.class("muted")) { "↳ " } }
        a(.href(here.appending(row.id)), .dirAuto) { row.name }
      },
      Column("Code") { $0.code },
      Column("Severity") { severityBadge($0.severity) },
      Column("Days", kind: .number) { grouped($0.days) },
      Column("New cases go to") { leadOf($0) },
    ]
    if acting.may(.readCases) { columns.append(Column("Open cases", kind: .number) { grouped($0.openCases) }) }
    columns.append(Column("State") { categoryBadge($0) })
    if acting.may(.manageSettings) {
      columns.append(
        Column("Order") { row in
          if row.retiredAt == nil { mover(row, here, frame) }
        })
    }
    return dataTable("Categories", categories, columns: columns)
  }

  private static func mover(_ row: Category, _ here: Path, _ frame: Frame) -> HTML {
    form(.class("form-acts"), .post, .action(here.appending(row.id).appending("move"))) {
      hiddenFields(frame.secrets("move-\(row.id)"))
      for direction in CategoryDirection.allCases {
        submitButton(
          direction == .up ? "↑" : "↓", style: [.small, .quiet], .name("direction"), .value(direction.rawValue),
          .aria("label", "Move \(row.name) \(direction.rawValue)"))
      }
    }
  }
}

/// Whom new cases go to, and whether they can.
func leadOf(_ category: Category) -> HTML {
  guard let lead = category.lead else { return span(.class("muted")) { "Nobody" } }
  return HTML {
    span(.dirAuto) { lead.name }
    if !lead.mayLead {
      " "
      badge("may not lead", .attention)
    }
  }
}

/// The badge of whether a category is used.
func categoryBadge(_ category: Category) -> HTML {
  category.retiredAt == nil ? badge("In use", .good) : badge("Retired", .neutral)
}

/// Every category of a client.
struct CategoryListBody: Encodable, Sendable {
  let items: [CategoryBody]
}

/// A category as programs read it.
struct CategoryBody: Encodable, Sendable {
  let id: ID<Category>
  let parent: ID<Category>?
  let code: String
  let name: String
  let severity: Severity
  let days: Int
  let lead: ID<ClientUser>?
  /// Absent for who may not read cases.
  let openCases: Int?
  let retired: Date?
  let version: Int

  enum CodingKeys: String, CodingKey {
    case id, parent, code, name, severity, days, lead, retired, version
    case openCases = "open_cases"
  }

  init(_ category: Category, _ acting: ActingContext) {
    id = category.id
    parent = category.parentID
    code = category.code
    name = category.name
    severity = category.severity
    days = category.days
    lead = category.lead?.id
    openCases = acting.may(.readCases) ? category.openCases : nil
    retired = category.retiredAt
    version = category.version
  }
}

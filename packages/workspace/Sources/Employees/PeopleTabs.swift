// The pages of a client's people: who signs in, who works there, and how the house is built.

import Access
import Markup
import Web

/// One of the pages under People.
enum PeopleTab: CaseIterable {
  case users, employees, units

  var label: String {
    switch self {
    case .users: "Users"
    case .employees: "Employees"
    case .units: "Org units"
    }
  }

  func path(_ acting: ActingContext) -> Path {
    switch self {
    case .users: acting.path("people")
    case .employees: acting.path("people", "employees")
    case .units: acting.path("people", "units")
    }
  }

  /// The links between the pages, this one marked.
  func tabs(_ acting: ActingContext) -> HTML {
    Web.tabs("People", Self.allCases.map { ($0.label, $0.path(acting)) }, current: path(acting))
  }
}

// Where tests find something to stand in the addresses of the route table: real records, by the name of the parameter.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Web

/// What a parameter of an address below `/i/{impersonation}` names.
enum AddressSource {
  /// A record of a client: its table and column, and the columns of the parameters that stand before it.
  case record(String, column: String = "id", within: [String: String] = [:])
  /// A word that means the same for every client.
  case word(String)

  /// A new parameter is added here; until then the tests of all routes with it fail.
  static let all: [String: AddressSource] = [
    "attachment": .record(
      "attachment", within: ["case": "case_id", "disclosure": "disclosure_id", "policy": "policy_id"]),
    "attestation": .record("attestation", within: ["campaign": "campaign_id"]),
    "campaign": .record("campaign"),
    "case": .record("case"),
    "category": .record("category"),
    "disclosure": .record("disclosure"),
    "domain": .record("domain"),
    "employee": .record("employee"),
    "entity": .word("case"),
    "error": .record("error_group"),
    "flag": .word("ai_case_summary"),
    "investigation": .record("investigation", within: ["case": "case_id"]),
    "job": .record("job"),
    "key": .word("cases.default_sla_days"),
    "kind": .word("report"),
    "number": .record("policy_version", column: "number", within: ["policy": "policy_id"]),
    "policy": .record("policy"),
    "report": .record("case_report", column: "report_id", within: ["case": "case_id"]),
    "sample": .record("error_sample", column: "number", within: ["error": "group_id"]),
    "unit": .record("org_unit"),
    "user": .record("client_user"),
  ]
}

extension TestDatabase {
  /// Something that a test does not know how to find.
  struct Unfilled: Error, CustomStringConvertible {
    let description: String
  }

  /// Values for the parameters of a route that belong together: the file is one of that case.
  func address(of route: RouteDeclaration, in tenant: Tenant) async throws -> [String: String] {
    var found: [String: String] = [:]
    for name in route.parameters.reversed() where name != "impersonation" && found[name] == nil {
      switch AddressSource.all[name] {
      case nil: throw Unfilled(description: "AddressSource does not know {\(name)} of \(route.path).")
      case .word(let word): found[name] = word
      case .record(let table, let column, let within):
        let parents = within.filter { route.parameters.contains($0.key) }.sorted { $0.key < $1.key }
        let columns = ([column] + parents.map(\.value)).map { "\($0)::text" }.joined(separator: ", ")
        let wanted = (["tenant_id = '\(tenant.id)'"] + parents.map { "\($0.value) IS NOT NULL" })
          .joined(separator: " AND ")
        let superuser = superuser()
        let rows = try await superuser.query(
          .superuser,
          SQL(trusted: "SELECT concat_ws(' ', \(columns)) FROM \"\(table)\" WHERE \(wanted) ORDER BY 1 LIMIT 1"),
          as: String.self)
        await superuser.close()
        guard let row = rows.first?.split(separator: " ").map(String.init), row.count == parents.count + 1 else {
          throw Unfilled(description: "\(tenant.name) has no \(table) for \(route.path).")
        }
        found[name] = row[0]
        for (parent, value) in zip(parents, row.dropFirst()) { found[parent.key] = value }
      }
    }
    return found
  }
}

extension TestDatabase {
  /// The address of somebody who may do what the route asks for.
  func person(for route: RouteDeclaration) async throws -> String {
    let capability =
      switch route.access {
      case .anybody: Capability.tenantRead
      case .staff(let capability), .workspace(let capability): capability
      }
    let presets = try await database.query(
      .fleet,
      """
      SELECT preset FROM capability_preset
      WHERE capability = \(capability.rawValue) AND preset IN ('support', 'admin', 'auditor', 'implementation')
      ORDER BY preset DESC
      """, as: String.self)
    guard let preset = presets.first else { throw Unfilled(description: "Nobody may do \(route.name).") }
    return preset + "@ethico.example"
  }
}

extension RouteDeclaration {
  /// Whether it stands in a client's workspace.
  var isInside: Bool { path.hasPrefix("/i/") }

  /// The address with its parameters filled in.
  func path(_ values: [String: String]) -> String {
    values.reduce(path) { $0.replacing("{\($1.key)}", with: $1.value) }
  }
}

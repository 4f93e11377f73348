// A staged row of each kind of record, with what a test says otherwise.

import Foundation

@testable import Migration

extension StagedRow {
  static func person(_ number: Int, _ more: [String: Any] = [:]) -> StagedRow {
    let fields: [String: Any] = [
      "employee_id": "P\(number)", "display_name": "Person \(number)", "email": "P\(number)@Example.org",
    ]
    return StagedRow(key: "P\(number)", fields: fields.merging(more) { $1 })
  }

  static func disclosure(_ number: Int, person: String, _ more: [String: Any] = [:]) -> StagedRow {
    let fields: [String: Any] = [
      "disclosure_number": "D-\(number)", "disclosure_type": "gift", "status": "submitted",
      "discloser.employee_id": person, "submitted_at": "2023-01-05T00:00:00Z", "description": "A watch.",
    ]
    return StagedRow(key: "D-\(number)", fields: fields.merging(more) { $1 })
  }

  static func policy(_ number: Int, _ version: String, _ more: [String: Any] = [:]) -> StagedRow {
    let fields: [String: Any] = [
      "policy_number": "POL-\(number)", "title": "Policy \(number)", "policy_type": "other", "status": "published",
      "version_label": version, "effective_date": "2021-01-01",
      "body": String(repeating: "Rule \(version). ", count: 40),
    ]
    return StagedRow(key: "POL-\(number)/\(version)", fields: fields.merging(more) { $1 })
  }

  static func attestation(_ policy: String, _ person: String, _ more: [String: Any] = [:]) -> StagedRow {
    let fields: [String: Any] = [
      "policy.number": policy, "person.employee_id": person, "status": "completed",
      "attested_at": "2022-02-02T00:00:00Z", "due_at": "2022-03-01T00:00:00Z",
    ]
    let all = fields.merging(more) { $1 }
    return StagedRow(key: "nk:\(policy)/\(person)/\(all["campaign_name"] ?? "")", fields: all)
  }

  static func file(_ name: String, on parent: String, _ more: [String: Any] = [:]) -> StagedRow {
    let fields: [String: Any] = [
      "parent_entity": "case", "parent_key": parent, "file_name": name, "path": "files/" + name,
      "uploaded_at": "2022-01-01T00:00:00Z",
    ]
    return StagedRow(key: "files/" + name, fields: fields.merging(more) { $1 })
  }

  static func event(_ number: Int, on parent: String, actor: String, _ more: [String: Any] = [:]) -> StagedRow {
    let fields: [String: Any] = [
      "parent_entity": "case", "parent_key": parent, "occurred_at": "2022-01-01T00:00:00Z", "actor.name": actor,
      "action": "comment", "ip": "203.0.113.9",
    ]
    return StagedRow(key: "A\(number)", fields: fields.merging(more) { $1 })
  }
}

// Who may not work on a case, and why.

import Access
import EthicoTypes
import Postgres

/// The part in a case of somebody who may not work on it.
enum CaseBar: String, Term {
  /// It is about them.
  case accused
  /// A former system kept it from them.
  case restricted

  /// As `is accused in this case` has it.
  var words: String {
    switch self {
    case .accused: "accused in"
    case .restricted: "kept from"
    }
  }
}

extension Case {
  /// Why somebody may not work on the case; `nil` where nothing speaks against it.
  func bar(of user: ID<ClientUser>, in tx: AuditedTransaction) async throws -> CaseBar? {
    try await Self.bars(of: user, in: [id], tx)[id]
  }

  /// In which of these cases somebody may not work, and why. One who came over before they were a user here is known by
  /// their address.
  static func bars(
    of user: ID<ClientUser>, in cases: [ID<Case>], _ tx: AuditedTransaction
  ) async throws -> [ID<Case>: CaseBar] {
    let found = try await tx.query(
      """
      SELECT p.case_id, min(p.part) AS part
      FROM case_party p
      JOIN client_user u ON u.id = \(user)
      WHERE p.case_id = ANY(\(cases)) AND p.part = ANY(\(CaseBar.allCases))
        AND (p.user_id = u.id OR p.user_id IS NULL AND lower(p.name) = u.email)
      GROUP BY p.case_id
      """, as: Barred.self)
    return Dictionary(found.map { ($0.id, $0.bar) }) { one, _ in one }
  }

  private struct Barred: RowDecodable {
    let id: ID<Case>
    let bar: CaseBar

    init(row: Row) throws {
      id = try row["case_id"]
      bar = try row["part"]
    }
  }
}

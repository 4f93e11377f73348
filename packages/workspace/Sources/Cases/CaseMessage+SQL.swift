// Stores and reads messages. Everything here runs inside one client's transaction: other clients' rows do not exist.

import Access
import EthicoTypes
import Postgres

extension Case {
  /// The dialogue with the reporter, as it went.
  var messages: Query<CaseMessage> {
    Query(
      """
      SELECT m.id, m.direction, m.body, u.name AS author, m.sent_at
      FROM (
        SELECT * FROM case_message WHERE case_id = \(id) ORDER BY sent_at DESC, id DESC LIMIT 200
      ) m
      LEFT JOIN client_user u ON u.tenant_id = m.tenant_id AND u.id = m.author_id
      ORDER BY m.sent_at, m.id
      """)
  }

  /// Writes to the reporter, or writes down what the reporter said.
  func write(_ draft: MessageDraft, in tx: AuditedTransaction) async throws {
    try demandItself()
    let message: ID<CaseMessage> = tx.newID()
    try await tx.execute(
      """
      INSERT INTO case_message (tenant_id, id, case_id, direction, author_id, body, sent_at)
      VALUES (\(tx.author.tenant), \(message), \(id), \(draft.direction), \(tx.ownAuthor), \(draft.body), \(tx.at))
      """)
    if draft.direction == .fromReporter { try await tx.count(.reporterContact, of: id) }
    try await tx.record(
      "case_message.add", object: object, status: 303,
      detail: "\(reference): \(draft.direction.label.lowercased())")
  }
}

extension CaseMessage: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    direction = try row["direction"]
    body = try row["body"]
    author = try row["author"]
    sentAt = try row["sent_at"]
  }
}

// Whom errors met, by name: the samples hold ids alone.

package import Access
package import EthicoTypes
import Postgres

extension AuditedTransaction {
  /// The names of the client's people of those ids.
  package func subjectNames(_ ids: [ID<ClientUser>]) async throws -> [ID<ClientUser>: String] {
    guard !ids.isEmpty else { return [:] }
    let people = try await query("SELECT id, name FROM client_user WHERE id = ANY(\(ids))", as: NamedSubject.self)
    return Dictionary(people.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
  }
}

private struct NamedSubject: Sendable, RowDecodable {
  let id: ID<ClientUser>
  let name: String

  init(row: Row) throws {
    id = try row["id"]
    name = try row["name"]
  }
}

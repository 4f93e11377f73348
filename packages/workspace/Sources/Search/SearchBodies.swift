// The JSON face of search.

import Access
import EthicoTypes
import Markup

/// What was found, as programs are given it.
struct SearchBody: Encodable, Sendable {
  let query: String
  let items: [Item]
  let count: Int
  let next: String?
  /// The records that the words may be the number of.
  let references: [String]

  /// One record; `path` is absent where it has no page.
  struct Item: Encodable, Sendable {
    let id: ID<SearchHit>
    let entity: SearchEntity
    let kind: SearchKind
    let title: String
    let snippet: String
    let language: String
    let belongsTo: String?
    let path: String?

    enum CodingKeys: String, CodingKey {
      case id, entity, kind, title, snippet, language, path
      case belongsTo = "belongs_to"
    }
  }

  init(_ filter: SearchFilter, _ found: SearchPage?, next: String?, _ acting: ActingContext) {
    query = filter.words.text
    items = (found?.hits ?? []).map { hit in
      Item(
        id: hit.id, entity: hit.entity, kind: hit.entity.kind, title: hit.title.plain, snippet: hit.snippet.plain,
        language: hit.language, belongsTo: hit.parentReference, path: hit.path(acting)?.description)
    }
    count = found?.count ?? 0
    self.next = next
    references = (found?.named ?? []).map(\.reference)
  }
}

// The page of search: a field, the kinds, and what was found with the words marked in it.

import Access
import EthicoTypes
import Markup
import Web

enum SearchView {
  static func page(
    _ filter: SearchFilter, found: SearchPage?, setback: Setback?, _ context: Inside
  ) -> Page {
    let acting = context.acting
    let here = acting.path("search")
    let next = found?.next.map {
      CursorText.make(
        [$0.rank.description, $0.id.description, $0.entity.rawValue], fingerprint: filter.fingerprint)
    }
    return Page(
      "Search", section: here, trace: filter.words.text.isEmpty ? nil : filter.words.text,
      value: SearchBody(filter, found, next: next, acting)
    ) { frame in
      errorSummary(setback?.errors ?? [], "Nothing was searched")
      setbackPanel(setback)
      pageHead("Search")
      filters(filter, found, acting, here)
      if let found {
        named(found.named, here)
        if found.hits.isEmpty {
          if found.named.isEmpty { nothing(filter, here) }
        } else {
          hits(found.hits, acting)
          pagination(
            shown: found.hits.count, first: filter.after == nil ? nil : here.query(filter.parameters),
            next: next.map { here.query(filter.parameters).query("after", $0) })
        }
      } else if setback == nil {
        nothingYet(
          "Search \(acting.tenant.name)",
          "Words, a “phrase”, -without, this or that. The last word may be a beginning; a reference opens its record.")
      }
    }
  }

  private static func filters(
    _ filter: SearchFilter, _ found: SearchPage?, _ acting: ActingContext, _ here: Path
  ) -> HTML {
    let kinds = SearchKind.allCases.filter { kind in acting.searchable.contains { $0.kind == kind } }
    return filterBar(
      action: here,
      [
        .words("q", label: "Words or a reference", value: filter.words.text, limit: SearchWords.limit),
        .several(
          "kind", label: "Kind", options: kinds.map { ($0.rawValue, $0.label) }, chosen: filter.kinds.map(\.rawValue)),
      ],
      chips: chips(filter, here), clear: filter.isFiltered ? here : nil, count: found.map(countWords) ?? "")
  }

  private static func chips(_ filter: SearchFilter, _ here: Path) -> [FilterChip] {
    filter.conditions.map { condition in
      let kind = condition.name == "kind" ? SearchKind(rawValue: condition.value) : nil
      let rest = filter.parameters.filter { $0 != condition }
      return FilterChip(kind?.label ?? "“\(condition.value)”", removed: here.query(rest))
    }
  }

  private static func countWords(_ found: SearchPage) -> String {
    if found.hits.isEmpty, !found.named.isEmpty { return counted(found.named.count, "record") + " of that number" }
    return CappedCount(found.count, limit: SearchPage.countLimit).label + " found, the best first"
  }

  private static func nothing(_ filter: SearchFilter, _ here: Path) -> HTML {
    filter.after == nil
      ? nothingMatches(filter.words.text, clear: here)
      : nothingYet("There is no more", "That was all that matches “\(filter.words.text)”.")
  }

  /// What a number may mean, before what holds it as a word. A reference leads on to its record.
  @HTMLBuilder private static func named(_ records: [NamedRecord], _ here: Path) -> [HTML] {
    if !records.isEmpty {
      ol(.class("hits")) {
        for record in records {
          li {
            h2 {
              span(.class("kind")) { "Number" }
              " "
              a(.href(here.query("q", record.reference)), .dirAuto) {
                record.reference + (record.title.map { " · \($0)" } ?? "")
              }
            }
          }
        }
      }
    }
  }

  private static func hits(_ hits: [SearchHit], _ acting: ActingContext) -> HTML {
    ol(.class("hits")) {
      for hit in hits {
        li {
          h2 {
            span(.class("kind")) { hit.entity == .policyDraft ? "Policy, working copy" : hit.entity.kind.label }
            " "
            if let path = hit.path(acting) {
              a(.href(path), language(hit), .dirAuto) { name(hit) }
            } else {
              span(language(hit), .dirAuto) { name(hit) }
            }
          }
          if !hit.snippet.pieces.isEmpty { p(language(hit), .dirAuto) { marked(hit.snippet) } }
        }
      }
    }
  }

  private static func language(_ hit: SearchHit) -> Attribute {
    hit.language == "und" ? nil : .lang(hit.language)
  }

  /// What it is called; what has no title of its own is called after what it belongs to.
  @HTMLBuilder private static func name(_ hit: SearchHit) -> [HTML] {
    if hit.title.pieces.isEmpty {
      hit.parentReference ?? hit.entity.kind.label
    } else {
      marked(hit.title)
      if let reference = hit.parentReference { " · \(reference)" }
    }
  }

  /// Each piece is text like any other: what a client wrote never becomes markup.
  @HTMLBuilder private static func marked(_ text: MarkedText) -> [HTML] {
    for piece in text.pieces {
      if piece.isFound { mark { piece.text } } else { HTML.text(piece.text) }
    }
  }
}

extension SearchHit {
  /// The reference of what it belongs to.
  var parentReference: String? { ofCase?.reference ?? ofDisclosure?.reference ?? ofPolicy?.reference }
}

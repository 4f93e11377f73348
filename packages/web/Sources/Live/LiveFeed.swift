// What a page is told while it is open: values for places on it. Numbers, states and links of ours, never a client's
// words: opening the page was the look that the trail keeps, and what goes on in it by itself is none.

public import Markup

/// A value that changes in place; `nil` hides its place.
public enum LiveValue: Sendable, Hashable {
  case text(String?)
  case badge(Badge?)
  case bar(Portion?)
  case link(Link?)

  /// What the place of a badge shows: the word of a state, and what it means.
  public struct Badge: Sendable, Hashable {
    let word: String
    let meaning: Meaning

    /// As for `badge`: a word or number of ours, and the meaning that colours it.
    public init(_ word: String, _ meaning: Meaning) {
      self.word = word
      self.meaning = meaning
    }
  }

  /// How much of how much.
  public struct Portion: Sendable, Hashable {
    let done: Int
    let total: Int

    /// A bar that is full when `done` reaches `total`; a total below 1 is drawn as 1.
    public init(_ done: Int, of total: Int) {
      self.done = done
      self.total = total
    }
  }

  /// Words of ours, and the page that they lead to.
  public struct Link: Sendable, Hashable {
    let text: String
    let path: Path
    /// What a screen reader says after the text.
    let suffix: String

    /// A link whose text says enough has no suffix.
    public init(_ text: String, _ path: Path, suffix: String = "") {
      self.text = text
      self.path = path
      self.suffix = suffix
    }
  }
}

/// A place on a page, by its name, and its value.
public struct LiveSlot: Sendable {
  let name: String
  let value: LiveValue

  /// - Parameter name: by which a stream finds the place; all places of that name show the value.
  public init(_ name: String, _ value: LiveValue) {
    self.name = name
    self.value = value
  }
}

/// The values of a page at one moment.
public struct LiveValues: Sendable, Hashable {
  var slots: [String: LiveValue]
  /// What a screen reader says, at most every few seconds.
  var said: String?

  /// Of two slots with one name the later counts; `said` is `nil` where nothing is to be said.
  public init(_ slots: [LiveSlot] = [], saying said: String? = nil) {
    self.slots = Dictionary(slots.map { ($0.name, $0.value) }) { $1 }
    self.said = said
  }

  /// What of these is new to who knows `known`; `nil` when nothing is.
  func news(to known: LiveValues) -> LiveValues? {
    var news = LiveValues()
    news.slots = slots.filter { known.slots[$0.key] != $0.value }
    news.said = said == known.said ? nil : said
    return news.slots.isEmpty && news.said == nil ? nil : news
  }

  mutating func learn(_ news: LiveValues) {
    slots.merge(news.slots) { $1 }
    said = news.said ?? said
  }
}

/// What a stream waits for, and what it then reads.
public struct LiveFeed<Context: WatchedContext>: Sendable {
  let keys: Set<LiveKey>
  let read: @Sendable (Context) async throws -> LiveValues

  /// - Parameters:
  ///   - keys: what wakes a stream besides the end of a right; with none it never reads.
  ///   - read: asked once the right to look is proven anew, when a key is dirty and at each beat.
  public init(on keys: Set<LiveKey>, read: @escaping @Sendable (Context) async throws -> LiveValues) {
    self.keys = keys
    self.read = read
  }

  /// Of pages on which nothing changes but the right to look at them.
  public static var rightsAlone: LiveFeed { LiveFeed(on: []) { _ in LiveValues() } }
}

extension LiveValues: Encodable {
  private enum Key: String, CodingKey {
    case values, say
  }

  /// `{"values": {name: value, …}, "say": sentence}`; `say` is left out where nothing is said.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(slots, forKey: .values)
    try container.encodeIfPresent(said, forKey: .say)
  }
}

extension LiveValue: Encodable {
  private enum Key: String, CodingKey {
    case text, meaning, value, max, href, suffix
  }

  /// As live-values.js reads it; null hides.
  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .text(nil), .badge(nil), .bar(nil), .link(nil):
      var container = encoder.singleValueContainer()
      try container.encodeNil()
    case .text(let text?):
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(text, forKey: .text)
    case .badge(let badge?):
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(badge.word, forKey: .text)
      try container.encode(badge.meaning.rawValue, forKey: .meaning)
    case .bar(let portion?):
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(portion.done, forKey: .value)
      try container.encode(portion.total, forKey: .max)
    case .link(let link?):
      var container = encoder.container(keyedBy: Key.self)
      try container.encode(link.text, forKey: .text)
      try container.encode(link.path.description, forKey: .href)
      try container.encode(link.suffix, forKey: .suffix)
    }
  }
}

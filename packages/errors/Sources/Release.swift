// Which of two releases is the later one: what decides whether an error that was resolved is back.

/// A release of the program by its name, as `0.12.3`.
struct Release: Sendable, Hashable {
  let name: String

  /// Whether this release came after that one: by their numbers, where both have numbers. Names of another form have no
  /// order, and one that differs counts as later: an error that is shown again too early is better than one never seen.
  func isLater(than other: Release) -> Bool {
    guard let mine = numbers, let theirs = other.numbers else { return name != other.name }
    let length = max(mine.count, theirs.count)
    func padded(_ numbers: [Int]) -> [Int] { numbers + Array(repeating: 0, count: length - numbers.count) }
    return padded(theirs).lexicographicallyPrecedes(padded(mine))
  }

  private var numbers: [Int]? {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    return parts.contains(nil) ? nil : parts.compactMap(\.self)
  }
}

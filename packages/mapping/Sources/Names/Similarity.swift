// How alike two spellings are, letter by letter.

import Glibc

/// Three letters in a row, with a border at both ends.
enum Trigrams {
  static func of(_ key: String) -> [UInt32] {
    guard !key.isEmpty else { return [] }
    let letters: [UInt32] = [1, 1] + key.unicodeScalars.map { $0.value & 0x3FF } + [1]
    var grams: Set<UInt32> = []
    for index in 0..<(letters.count - 2) {
      grams.insert(letters[index] << 20 | letters[index + 1] << 10 | letters[index + 2])
    }
    return grams.sorted()
  }
}

/// Winkler's form of Jaro's similarity [Winkler 1990].
enum JaroWinkler {
  static func similarity(_ one: String, _ other: String) -> Double {
    let left = Array(one.unicodeScalars)
    let right = Array(other.unicodeScalars)
    guard !left.isEmpty, !right.isEmpty else { return 0 }
    if left == right { return 1 }
    let window = max(0, max(left.count, right.count) / 2 - 1)
    var taken = [Bool](repeating: false, count: right.count)
    var matched: [Unicode.Scalar] = []
    for (index, letter) in left.enumerated() {
      let from = max(0, index - window)
      let to = min(right.count, index + window + 1)
      guard from < to, let place = (from..<to).first(where: { !taken[$0] && right[$0] == letter }) else { continue }
      taken[place] = true
      matched.append(letter)
    }
    guard !matched.isEmpty else { return 0 }
    let inOrder = zip(right, taken).filter(\.1).map(\.0)
    let moved = zip(matched, inOrder).filter { $0 != $1 }.count
    let count = Double(matched.count)
    let jaro =
      (count / Double(left.count) + count / Double(right.count) + (count - Double(moved) / 2) / count) / 3
    let prefix = zip(left, right).prefix(4).prefix { $0 == $1 }.count
    return jaro + Double(prefix) * 0.1 * (1 - jaro)
  }
}

/// The edits between two spellings [Levenshtein 1966], for the baseline that `mapping evaluate` prints.
enum Levenshtein {
  static func similarity(_ one: String, _ other: String) -> Double {
    let left = Array(one.utf8)
    let right = Array(other.utf8)
    guard !left.isEmpty, !right.isEmpty else { return 0 }
    var row = Array(0...right.count)
    for (index, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for place in 1...right.count {
        let above = row[place]
        row[place] = min(above + 1, row[place - 1] + 1, diagonal + (letter == right[place - 1] ? 0 : 1))
        diagonal = above
      }
    }
    return 1 - Double(row[right.count]) / Double(max(left.count, right.count))
  }
}

/// The natural logarithm and its inverse, from the C library alone, so that results are the same everywhere we run.
enum Logarithm {
  static func of(_ value: Double) -> Double { log(value) }
  static func inverse(_ value: Double) -> Double { exp(value) }
}

// Two texts compared word by word.

/// A run of words that stayed, went or came.
struct WordDiffPiece: Hashable {
  enum Kind {
    case kept, removed, added
  }

  let kind: Kind
  var text: String
}

/// A word, and the space after it, which does not count when words are compared.
private struct Word: Equatable {
  let text: Substring
  let space: Substring

  static func == (left: Word, right: Word) -> Bool { left.text == right.text }
}

/// The most words that are compared one by one, so that a page costs little whatever two texts it shows.
private let comparedWordsLimit = 800

/// What stayed, went and came, in reading order. Beyond the limit the whole middle counts as changed.
func wordDiff(_ before: String, _ after: String) -> [WordDiffPiece] {
  let (old, new) = (words(before), words(after))
  let shorter = min(old.count, new.count)
  let start = zip(old, new).prefix { $0 == $1 }.count
  let end = zip(old.reversed(), new.reversed()).prefix(shorter - start).prefix { $0 == $1 }.count
  let oldMiddle = Array(old[start..<(old.count - end)])
  let newMiddle = Array(new[start..<(new.count - end)])

  var pieces: [WordDiffPiece] = []
  for word in new.prefix(start) { pieces.append(word, .kept) }
  if oldMiddle.count + newMiddle.count <= comparedWordsLimit {
    pieces.appendDifference(oldMiddle, newMiddle)
  } else {
    for word in oldMiddle { pieces.append(word, .removed) }
    for word in newMiddle { pieces.append(word, .added) }
  }
  for word in new.suffix(end) { pieces.append(word, .kept) }
  return pieces
}

private func words(_ text: String) -> [Word] {
  var words: [Word] = []
  var rest = text[...]
  while !rest.isEmpty {
    let word = rest.prefix { !$0.isWhitespace }
    let space = rest[word.endIndex...].prefix(while: \.isWhitespace)
    words.append(Word(text: word, space: space))
    rest = rest[space.endIndex...]
  }
  return words
}

extension [WordDiffPiece] {
  /// Adds a word to the last piece when it is of the same kind. A removed or added run that ends has its last space
  /// inside, so that words never run together.
  fileprivate mutating func append(_ word: Word, _ kind: WordDiffPiece.Kind) {
    let text = String(word.text + word.space)
    if let last, last.kind == kind {
      self[count - 1].text += text
    } else {
      append(WordDiffPiece(kind: kind, text: text))
    }
  }

  /// Walks both texts at once: what only the old one has goes, what only the new one has comes.
  fileprivate mutating func appendDifference(_ old: [Word], _ new: [Word]) {
    var removed: Set<Int> = []
    var added: Set<Int> = []
    for change in new.difference(from: old) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var (oldIndex, newIndex) = (0, 0)
    while oldIndex < old.count || newIndex < new.count {
      if removed.contains(oldIndex) {
        append(old[oldIndex], .removed)
        oldIndex += 1
      } else if added.contains(newIndex) {
        append(new[newIndex], .added)
        newIndex += 1
      } else {
        append(new[newIndex], .kept)
        oldIndex += 1
        newIndex += 1
      }
    }
  }
}

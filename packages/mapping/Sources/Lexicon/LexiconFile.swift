// The data files that are part of the program: see `packages/mapping/Data`.

import CMappingData

/// A data file of the engine.
enum LexiconFile {
  static let vendors = text(mapping_vendors())
  static let model = text(mapping_model())

  /// The lines of `lexicon.txt` by the section they stand in.
  static let sections: [String: [Substring]] = sections(of: text(mapping_lexicon()))

  private static let lists: [String: [Substring]] = sections(of: text(mapping_words()))

  /// The words of one list in `words.txt`, where a comma ends a word.
  static func words(of list: String) -> [String] {
    (lists[list] ?? []).flatMap { line in line.split(separator: ",").map { String($0.drop { $0 == " " }) } }
  }

  /// Lines by the section they stand in, which begins with its name in brackets.
  static func sections(of text: String) -> [String: [Substring]] {
    var sections: [String: [Substring]] = [:]
    var name = ""
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      if line.hasPrefix("["), line.hasSuffix("]") {
        name = String(line.dropFirst().dropLast())
      } else {
        sections[name, default: []].append(line)
      }
    }
    return sections
  }

  private static func text(_ file: mapping_file) -> String {
    String(decoding: UnsafeBufferPointer(start: file.bytes, count: Int(file.count)), as: UTF8.self)
  }
}

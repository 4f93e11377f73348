// How the exports of known systems look: enough to recognise one, and to know what its headers became.

/// The profile of one system.
struct VendorProfile: Sendable {
  /// As the command line and memory name it: `navex_ethicspoint`.
  let code: String
  let name: String
  /// Words that names of its files have.
  let fileWords: Set<String>
  /// What each header became, by the header's key; `nil` for what has no field.
  let headers: [ImportEntity: [String: String?]]
}

/// The profiles that ship with the lexicon.
enum VendorProfiles {
  static let all: [VendorProfile] = read(LexiconFile.vendors)

  static func named(_ code: String) -> VendorProfile? {
    all.first { $0.code == code }
  }

  /// The system whose headers these most likely are: the share of the table's headers that its profile knows, and of a
  /// profile's headers that the table has, as far as they tell systems apart.
  static func detect(_ table: SourceTable) -> (code: String, score: Double)? {
    let keys = Set(table.columns.map { key($0.name) })
    guard !keys.isEmpty else { return nil }
    let fileWords = Set(NameParts(table.name).words)
    var best: (code: String, score: Double)?
    for profile in all {
      var score = profile.fileWords.isDisjoint(with: fileWords) ? 0 : 0.9
      for headers in profile.headers.values where headers.count > 4 {
        let shared = headers.keys.filter { keys.contains($0) }
        let weight = shared.reduce(0) { $0 + distinctiveness[$1, default: 0] }
        let share = Double(shared.count) / Double(min(keys.count, headers.count))
        guard shared.count >= 3, weight >= 2 else { continue }
        score = max(score, min(0.99, share * min(1, weight / 4)))
      }
      if score >= 0.5, score > best?.score ?? 0 { best = (profile.code, score) }
    }
    return best
  }

  /// A header that few profiles have tells much.
  private static let distinctiveness: [String: Double] = {
    var counts: [String: Int] = [:]
    for profile in all {
      for key in Set(profile.headers.values.flatMap(\.keys)) { counts[key, default: 0] += 1 }
    }
    return counts.mapValues { 1 / Double($0) }
  }()

  static func key(_ header: String) -> String {
    let parts = NameParts(header)
    return Folding.key(parts.words.joined() + parts.numbers.map(String.init).joined())
  }

  private static func read(_ text: String) -> [VendorProfile] {
    var profiles: [VendorProfile] = []
    var code = ""
    var name = ""
    var fileWords: Set<String> = []
    var headers: [ImportEntity: [String: String?]] = [:]
    func end() {
      guard !code.isEmpty else { return }
      profiles.append(VendorProfile(code: code, name: name, fileWords: fileWords, headers: headers))
    }
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      if line.hasPrefix("["), let close = line.firstIndex(of: "]") {
        end()
        code = String(line[line.index(after: line.startIndex)..<close])
        name = line[line.index(after: close)...].drop { $0 == " " }.description
        (fileWords, headers) = ([], [:])
      } else if let colon = line.firstIndex(of: ":") {
        let rest = line[line.index(after: colon)...]
        if let entity = ImportEntity(rawValue: String(line[..<colon])) {
          headers[entity] = pairs(rest)
        } else {
          fileWords = Set(rest.split(separator: " ").map(String.init))
        }
      }
    }
    end()
    return profiles
  }

  private static func pairs(_ text: Substring) -> [String: String?] {
    var pairs: [String: String?] = [:]
    for pair in text.split(separator: ";") {
      guard let equals = pair.lastIndex(of: "=") else { continue }
      let target = pair[pair.index(after: equals)...].filter { $0 != " " }
      pairs[key(String(pair[..<equals]))] = .some(target.isEmpty ? nil : target)
    }
    return pairs
  }
}

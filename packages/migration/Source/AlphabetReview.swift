// A second opinion on statistics: which encoding makes the letters beyond ASCII those of one language. uchardet tells
// scripts apart well, but with a few accents it takes German for Polish.

/// Judges encodings of one byte a character by what they make of a sample.
enum AlphabetReview {
  /// With fewer bytes beyond ASCII than this, the West is as likely as what was told.
  private static let few = 50
  private static let looked = 1 << 16

  /// The encoding that was told, or the one that reads better.
  static func review(_ told: TextEncoding?, _ sample: [UInt8]) -> TextEncoding? {
    let sample = Array(sample.prefix(looked))
    let high = sample.count { $0 >= 0x80 }
    guard high > 0 else { return told }
    if let told, isMultibyte(told) {
      // Two bytes of such an encoding stand together; accents mostly stand alone.
      return isolated(sample) * 5 > high * 4 ? best(sample, told: nil, high) : told
    }
    return best(sample, told: told, high)
  }

  private static func isMultibyte(_ encoding: TextEncoding) -> Bool {
    ["Shift_JIS", "EUC-JP", "ISO-2022-JP", "GB18030", "Big5", "EUC-KR", "EUC-TW"].contains(encoding.name)
  }

  private static func isolated(_ sample: [UInt8]) -> Int {
    sample.indices.count { index in
      sample[index] >= 0x80 && (index == 0 || sample[index - 1] < 0x80)
        && (index + 1 == sample.count || sample[index + 1] < 0x80)
    }
  }

  private static let otherScripts: Set<String> = [
    "windows-1251", "windows-1253", "windows-1255", "windows-1256", "windows-874", "ISO-8859-5", "ISO-8859-6",
    "ISO-8859-7", "ISO-8859-8", "KOI8-R", "KOI8-U", "IBM855", "IBM866", "x-mac-cyrillic",
  ]

  /// In the order in which they win when they read equally well.
  private static func best(_ sample: [UInt8], told: TextEncoding?, _ high: Int) -> TextEncoding? {
    let isDoubted = told.map { high < few && !otherScripts.contains($0.name) } ?? false
    var candidates: [TextEncoding] = isDoubted ? [.windows1252] : []
    if let told { candidates += [superset(of: told), told] }
    candidates += [.windows1252, .windows1250, .latin9, .macRoman, .windows1254, .windows1253, .windows1251]
    var seen: Set<TextEncoding> = []
    var best: (encoding: TextEncoding, share: Double)?
    for candidate in candidates where seen.insert(candidate).inserted {
      let share = share(candidate, sample, high)
      if share > (best?.share ?? 0) + 0.001 { best = (candidate, share) }
      if share > 0.999 { break }
    }
    guard let best, best.share >= 0.5 else { return told }
    return best.encoding
  }

  /// What Windows writes where the standard was told.
  private static func superset(of told: TextEncoding) -> TextEncoding {
    switch told.name {
    case "ISO-8859-1": .windows1252
    case "ISO-8859-2": .windows1250
    case "ISO-8859-7": .windows1253
    case "ISO-8859-9": .windows1254
    case "ISO-8859-8": TextEncoding.named("windows-1255") ?? told
    default: told
    }
  }

  /// The share of characters beyond ASCII that are in their place in some one language.
  private static func share(_ encoding: TextEncoding, _ sample: [UInt8], _ high: Int) -> Double {
    guard let table = Iconv(encoding)?.table().map({ String(decoding: $0, as: UTF8.self).unicodeScalars.first }) else {
      return 0
    }
    var letters: [UnicodeScalar: Int] = [:]
    var good = 0
    for (index, byte) in sample.enumerated() where byte >= 0x80 {
      guard let scalar = table[Int(byte)], scalar.value > 0x9F else { continue }
      let before = index > 0 ? table[Int(sample[index - 1])] : nil
      let after = index + 1 < sample.count ? table[Int(sample[index + 1])] : nil
      if scalar.properties.isAlphabetic, scalar != "ª", scalar != "º" {
        if fits(scalar, before, after) { letters[scalar, default: 0] += 1 }
      } else if fitsSign(scalar, before, after) {
        good += 1
      }
    }
    let known = Alphabets.all.map { alphabet in letters.reduce(0) { $0 + (alphabet.contains($1.key) ? $1.value : 0) } }
    return Double(good + (known.max() ?? 0)) / Double(high)
  }

  private static func isLetter(_ scalar: UnicodeScalar?) -> Bool { scalar?.properties.isAlphabetic ?? false }

  /// Of its neighbours' script, and no capital after a small letter.
  private static func fits(_ scalar: UnicodeScalar, _ before: UnicodeScalar?, _ after: UnicodeScalar?) -> Bool {
    for neighbour in [before, after] {
      if let neighbour, isLetter(neighbour), Alphabets.script(neighbour) != Alphabets.script(scalar) { return false }
    }
    guard let before, isLetter(before) else { return true }
    return !(before.properties.isLowercase && scalar.properties.isUppercase)
  }

  /// Signs that texts have, where texts have them.
  private static func fitsSign(_ scalar: UnicodeScalar, _ before: UnicodeScalar?, _ after: UnicodeScalar?) -> Bool {
    switch scalar {
    case "’", "·": isLetter(before)
    case "‘", "“", "„", "«", "‚": !(isLetter(before) && isLetter(after))
    case "”", "»", "…", "–", "—", "•", "€", "£", "©", "®", "™", "°", "§", "\u{A0}", "№":
      !(isLetter(before) && isLetter(after))
    case "¿", "¡": !isLetter(before) && isLetter(after)
    case "ª", "º": before.map { $0.value >= 48 && $0.value <= 57 || $0 == "." || $0 == "N" || $0 == "n" } ?? false
    default: false
    }
  }
}

/// The letters beyond ASCII that languages write with.
private enum Alphabets {
  static let all: [Set<UnicodeScalar>] = [
    "äöüßÄÖÜé", "àâæçéèêëîïôœùûüÿÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸ", "áéíñóúüÁÉÍÑÓÚÜ", "áâãàçéêíóôõúüÁÂÃÀÇÉÊÍÓÔÕÚÜ",
    "àèéìíîòóùúÀÈÉÌÎÒÓÙÚ",
    "áéëèïöüÉËÏ", "æøåéòôÆØÅÉ", "åäöéüÅÄÖÉ", "áðéíóúýþæöÁÐÉÍÓÚÝÞÆÖ", "àçèéíïòóúüÀÇÈÉÍÏÒÓÚÜ",
    "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ", "áäčďéíĺľňóôŕšťúýžÁÄČĎÉÍĹĽŇÓÔŔŠŤÚÝŽ", "áéíóöőúüűÁÉÍÓÖŐÚÜŰ",
    "čćđšžČĆĐŠŽ", "ăâîșşţțĂÂÎȘŞŢȚ", "çğıöşüâîûÇĞİÖŞÜÂÎÛ", "āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ", "ąčęėįšųūžĄČĘĖĮŠŲŪŽ",
    "äõöüšžÄÕÖÜŠŽ",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ",
    "абвгґдеєжзиіїйклмнопрстуфхцчшщьюяАБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ",
    "абвгдђежзијклљмнњопрстћуфхцчџшАБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ",
    "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏ",
    "אבגדהוזחטיךכלםמןנסעףפץצקרשת", "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي",
    "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮะัาำิีึืุูเแโใไๅ็่้๊๋์ๆฯ",
  ].map { Set($0.unicodeScalars) }

  /// Which letters stand together in a word.
  static func script(_ letter: UnicodeScalar) -> Int {
    switch letter.value {
    case ..<0x370: 0
    case ..<0x400: 1
    case ..<0x530: 2
    case 0x1E00..<0x1F00: 0
    default: Int(letter.value >> 8)
    }
  }
}

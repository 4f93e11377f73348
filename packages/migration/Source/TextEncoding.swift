// The encodings that texts come in, under the names of IANA and WHATWG.

import CIconv
import Glibc

/// How the bytes of a text stand for characters.
package struct TextEncoding: Sendable, Hashable {
  /// The name that is shown and stored.
  package let name: String
  /// What `iconv` calls it. Where Windows and the standard differ, what Windows writes is read.
  let iconvName: String

  static let utf8 = TextEncoding(name: "UTF-8", iconvName: "UTF-8")
  static let utf16LittleEndian = TextEncoding(name: "UTF-16LE", iconvName: "UTF-16LE")
  static let utf16BigEndian = TextEncoding(name: "UTF-16BE", iconvName: "UTF-16BE")
  static let utf32LittleEndian = TextEncoding(name: "UTF-32LE", iconvName: "UTF-32LE")
  static let utf32BigEndian = TextEncoding(name: "UTF-32BE", iconvName: "UTF-32BE")
  static let windows1250 = TextEncoding(name: "windows-1250", iconvName: "CP1250")
  static let windows1251 = TextEncoding(name: "windows-1251", iconvName: "CP1251")
  static let windows1252 = TextEncoding(name: "windows-1252", iconvName: "CP1252")
  static let windows1253 = TextEncoding(name: "windows-1253", iconvName: "CP1253")
  static let windows1254 = TextEncoding(name: "windows-1254", iconvName: "CP1254")
  static let latin2 = TextEncoding(name: "ISO-8859-2", iconvName: "ISO-8859-2")
  static let latin9 = TextEncoding(name: "ISO-8859-15", iconvName: "ISO-8859-15")
  static let macRoman = TextEncoding(name: "macintosh", iconvName: "MACINTOSH")
  static let macCentralEurope = TextEncoding(name: "x-mac-ce", iconvName: "MAC-CENTRALEUROPE")
  static let shiftJIS = TextEncoding(name: "Shift_JIS", iconvName: "CP932")

  /// Those that a person may choose.
  package static let offered: [TextEncoding] = [
    utf8, utf16LittleEndian, utf16BigEndian, utf32LittleEndian, utf32BigEndian,
    windows1252, windows1250, windows1251, windows1253, windows1254,
    TextEncoding(name: "windows-1255", iconvName: "CP1255"), TextEncoding(name: "windows-1256", iconvName: "CP1256"),
    TextEncoding(name: "windows-1257", iconvName: "CP1257"), TextEncoding(name: "windows-1258", iconvName: "CP1258"),
    latin2, TextEncoding(name: "ISO-8859-3", iconvName: "ISO-8859-3"),
    TextEncoding(name: "ISO-8859-4", iconvName: "ISO-8859-4"),
    TextEncoding(name: "ISO-8859-5", iconvName: "ISO-8859-5"),
    TextEncoding(name: "ISO-8859-6", iconvName: "ISO-8859-6"),
    TextEncoding(name: "ISO-8859-7", iconvName: "ISO-8859-7"),
    TextEncoding(name: "ISO-8859-8", iconvName: "ISO-8859-8"),
    TextEncoding(name: "ISO-8859-9", iconvName: "ISO-8859-9"),
    TextEncoding(name: "ISO-8859-10", iconvName: "ISO-8859-10"),
    TextEncoding(name: "ISO-8859-13", iconvName: "ISO-8859-13"), latin9,
    TextEncoding(name: "ISO-8859-16", iconvName: "ISO-8859-16"),
    TextEncoding(name: "KOI8-R", iconvName: "KOI8-R"), TextEncoding(name: "KOI8-U", iconvName: "KOI8-U"),
    TextEncoding(name: "IBM852", iconvName: "CP852"), TextEncoding(name: "IBM855", iconvName: "CP855"),
    TextEncoding(name: "IBM865", iconvName: "CP865"), TextEncoding(name: "IBM866", iconvName: "CP866"),
    TextEncoding(name: "windows-874", iconvName: "CP874"),
    macRoman, macCentralEurope, TextEncoding(name: "x-mac-cyrillic", iconvName: "MAC-CYRILLIC"),
    shiftJIS, TextEncoding(name: "EUC-JP", iconvName: "EUC-JP-MS"),
    TextEncoding(name: "ISO-2022-JP", iconvName: "ISO-2022-JP"),
    TextEncoding(name: "GB18030", iconvName: "GB18030"), TextEncoding(name: "Big5", iconvName: "CP950"),
    TextEncoding(name: "EUC-KR", iconvName: "UHC"), TextEncoding(name: "EUC-TW", iconvName: "EUC-TW"),
  ]

  /// The encoding of that name or of a usual other one.
  package static func named(_ name: String) -> TextEncoding? {
    let key = normalized(name)
    return byKey[aliases[key] ?? key]
  }

  private static let byKey = Dictionary(
    offered.map { (normalized($0.name), $0) }, uniquingKeysWith: { first, _ in first })

  private static let aliases: [String: String] = [
    "utf8bom": "utf8", "utf8sig": "utf8", "ascii": "utf8", "usascii": "utf8", "utf16": "utf16le", "utf32": "utf32le",
    "iso88591": "windows1252", "latin1": "windows1252", "latin2": "iso88592", "latin5": "iso88599",
    "latin9": "iso885915", "ansi": "windows1252",
    "cp1250": "windows1250", "cp1251": "windows1251", "cp1252": "windows1252", "cp1253": "windows1253",
    "cp1254": "windows1254", "cp1255": "windows1255", "cp1256": "windows1256", "cp1257": "windows1257",
    "cp1258": "windows1258", "cp852": "ibm852", "cp866": "ibm866", "cp874": "windows874", "tis620": "windows874",
    "iso885911": "windows874", "maccentraleurope": "xmacce", "maccyrillic": "xmaccyrillic", "macroman": "macintosh",
    "mac": "macintosh", "sjis": "shiftjis", "cp932": "shiftjis", "windows31j": "shiftjis", "gbk": "gb18030",
    "gb2312": "gb18030", "cp936": "gb18030", "cp950": "big5", "big5hkscs": "big5", "uhc": "euckr", "cp949": "euckr",
    "johab": "euckr",
  ]

  private static func normalized(_ name: String) -> String {
    String(name.lowercased().filter { $0.isLetter || $0.isNumber })
  }
}

/// An open conversion to UTF-8.
struct Iconv: ~Copyable {
  private let handle: iconv_t

  init?(_ encoding: TextEncoding) {
    guard let opened = iconv_open("UTF-8", encoding.iconvName), Int(bitPattern: opened) != -1 else { return nil }
    handle = opened
  }

  deinit { iconv_close(handle) }

  enum Stop {
    case done
    case incomplete
    case invalid
    case full
  }

  /// Converts as much as it can: how many bytes were read and written, and why it stopped.
  func convert(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> (read: Int, written: Int, stop: Stop) {
    var source = UnsafeMutablePointer(mutating: input.assumingMemoryBound(to: CChar.self).baseAddress)
    var target = output.assumingMemoryBound(to: CChar.self).baseAddress
    var left = input.count
    var room = output.count
    let result = iconv(handle, &source, &left, &target, &room)
    let moved = (read: input.count - left, written: output.count - room)
    if result != -1 { return (moved.read, moved.written, .done) }
    switch errno {
    case EINVAL: return (moved.read, moved.written, .incomplete)
    case E2BIG: return (moved.read, moved.written, .full)
    default: return (moved.read, moved.written, .invalid)
    }
  }

  /// The bytes of UTF-8 that each single byte stands for, or none.
  func table() -> [[UInt8]] {
    (0...255).map { byte in
      var output = [UInt8](repeating: 0, count: 8)
      let (_, written, stop) = withUnsafeBytes(of: UInt8(byte)) { input in
        output.withUnsafeMutableBytes { convert(input, into: $0) }
      }
      return stop == .done ? Array(output.prefix(written)) : []
    }
  }
}

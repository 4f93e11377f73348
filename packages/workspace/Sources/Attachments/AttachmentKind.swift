// The kinds of files that can be attached, and how their bytes begin: a name alone says nothing.

import EthicoTypes
import FoundationEssentials

/// What a file is, by the end of its name.
enum AttachmentKind: String, Term {
  case pdf, png, jpg, gif, webp, tiff
  case docx, xlsx, pptx, odt, ods, doc, xls, ppt, msg, rtf
  case txt, csv, eml
  case mp3, m4a, wav, mp4

  /// By the end of a file's name; `nil` for what is not listed.
  init?(fileName: String) {
    guard let dot = fileName.lastIndex(of: "."), dot != fileName.startIndex else { return nil }
    let end = fileName[fileName.index(after: dot)...].lowercased()
    self.init(rawValue: ["jpeg": "jpg", "tif": "tiff"][end] ?? end)
  }

  var label: String { rawValue.uppercased() }

  /// What a file dialog offers.
  static let accept = (allCases.map(\.rawValue) + ["jpeg", "tif"]).map { "." + $0 }.joined(separator: ",")

  /// `PDF, PNG, …` for a sentence.
  static let list = allCases.map(\.label).joined(separator: ", ")

  /// How a file dialog and a browser call it.
  var mediaType: String {
    switch self {
    case .pdf: "application/pdf"
    case .png: "image/png"
    case .jpg: "image/jpeg"
    case .gif: "image/gif"
    case .webp: "image/webp"
    case .tiff: "image/tiff"
    case .docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    case .xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    case .pptx: "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    case .odt: "application/vnd.oasis.opendocument.text"
    case .ods: "application/vnd.oasis.opendocument.spreadsheet"
    case .doc, .xls, .ppt, .msg: "application/octet-stream"
    case .rtf: "application/rtf"
    case .txt: "text/plain"
    case .csv: "text/csv"
    case .eml: "message/rfc822"
    case .mp3: "audio/mpeg"
    case .m4a, .mp4: "video/mp4"
    case .wav: "audio/wav"
    }
  }

  /// Whether the bytes are what the name says, as far as their beginning tells.
  func fits(_ bytes: Data) -> Bool {
    func begins(_ signature: [UInt8], at offset: Int = 0) -> Bool {
      bytes.dropFirst(offset).prefix(signature.count).elementsEqual(signature)
    }
    func begins(_ signature: String, at offset: Int = 0) -> Bool { begins(Array(signature.utf8), at: offset) }
    switch self {
    case .pdf: return begins("%PDF-")
    case .png: return begins([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    case .jpg: return begins([0xFF, 0xD8, 0xFF])
    case .gif: return begins("GIF87a") || begins("GIF89a")
    case .webp: return begins("RIFF") && begins("WEBP", at: 8)
    case .tiff: return begins([0x49, 0x49, 0x2A, 0x00]) || begins([0x4D, 0x4D, 0x00, 0x2A])
    // An archive that holds what the format calls its main part.
    case .docx: return begins("PK\u{3}\u{4}") && holds("word/", bytes)
    case .xlsx: return begins("PK\u{3}\u{4}") && holds("xl/", bytes)
    case .pptx: return begins("PK\u{3}\u{4}") && holds("ppt/", bytes)
    case .odt: return begins("PK\u{3}\u{4}") && begins("mimetype" + mediaType, at: 30)
    case .ods: return begins("PK\u{3}\u{4}") && begins("mimetype" + mediaType, at: 30)
    case .doc, .xls, .ppt, .msg: return begins([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])
    case .rtf: return begins("{\\rtf")
    case .txt, .csv, .eml: return !bytes.prefix(65_536).contains { $0 < 9 || (14..<32).contains($0) && $0 != 27 }
    case .mp3: return begins("ID3") || (begins([0xFF]) && (bytes.dropFirst().first ?? 0) & 0xE0 == 0xE0)
    case .m4a, .mp4: return begins("ftyp", at: 4)
    case .wav: return begins("RIFF") && begins("WAVE", at: 8)
    }
  }

  private func holds(_ name: String, _ bytes: Data) -> Bool {
    bytes.withUnsafeBytes { $0.firstRange(of: Array(name.utf8)) != nil }
  }
}

// What pages say once what came in files has been removed.

import FoundationEssentials
import Markup
import Migration
import Web

enum PurgeNotice {
  /// On the pages of a batch.
  static func line(_ batch: Batch, _ frame: Frame) -> HTML {
    guard let purgedAt = batch.filePurgedAt else { return .nothing }
    return div(.class("notice"), .data("meaning", "info")) {
      p {
        "What came in the file was removed on "
        frame.face.moment(purgedAt)
        ", some time after the client had signed off. What became of each row is known, and can still be taken back."
      }
    }
  }

  /// Beside a file.
  static func line(_ file: SourceFileRecord, _ frame: Frame) -> HTML {
    guard let purgedAt = file.purgedAt else { return .nothing }
    return p(.class("muted")) {
      "The file’s bytes were removed on "
      frame.face.moment(purgedAt)
      "."
    }
  }
}

// How it is told why bytes of a file were not taken in.

import HTTPTypes
package import Migration
package import Web

extension UploadRefusal: Refusal {
  package var setback: Setback {
    switch self {
    case .moved(let now):
      Setback(
        .conflict, "upload_moved", "\(grouped(now.offset)) of \(grouped(now.byteCount)) bytes are here.",
        "Nothing was added. Go on from there.")
    case .beyondEnd(let now):
      Setback(
        .contentTooLarge, "beyond_end", "The file was announced with \(grouped(now.byteCount)) bytes; these are more.",
        "They were not added. Remove the upload and begin again.")
    case .incomplete(let now):
      Setback(
        .conflict, "upload_incomplete", "Not all of “\(now.name)” is here yet.",
        "Choose the file again, and it goes on where it was cut off.")
    case .sealedOtherwise:
      Setback(
        .conflict, "sealed_otherwise", "What is here of the file was sealed with another OPS_FILE_KEY.",
        "Nothing was changed. Remove the upload and begin again.")
    case .tooMany:
      Setback(
        .conflict, "too_many_uploads", "\(FileUpload.openLimit) files of this client are unfinished.",
        "Nothing was begun. Go on with some of them, or remove those that nobody needs.")
    case .finished:
      Setback(
        .conflict, "upload_finished", "All of it came meanwhile: it is a file now.",
        "Nothing was removed. Delete the file itself if nobody needs it.")
    }
  }
}

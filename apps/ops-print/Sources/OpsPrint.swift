// ops-print: reads a document as JSON from its standard input and writes it as PDF to its standard output.

import Foundation
import Print
import Typesetting

@main
enum OpsPrint {
  /// Exit codes of sysexits.h.
  private static let dataError: Int32 = 65
  private static let softwareError: Int32 = 70

  static func main() {
    let document: PrintedDocument
    do {
      document = try JSONDecoder().decode(PrintedDocument.self, from: FileHandle.standardInput.readDataToEndOfFile())
    } catch {
      fail("This is no document: \(error)", dataError)
    }
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(try Typesetter.pdf(document)))
    } catch {
      fail("It could not be set: \(error)", softwareError)
    }
  }

  private static func fail(_ message: String, _ code: Int32) -> Never {
    FileHandle.standardError.write(Data((message + "\n").utf8))
    exit(code)
  }
}

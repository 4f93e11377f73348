// ops-print: reads a document as JSON from its standard input and writes it as PDF to its standard output, or, with an
// exit status other than 0, why it cannot.

import Foundation
import Print
import Typesetting

@main
enum OpsPrint {
  /// Exit codes of sysexits.h.
  private static let dataError: Int32 = 65
  private static let softwareError: Int32 = 70

  /// Whatever a text does to the libraries that draw, it does in so many bytes.
  private static let memoryLimit: rlim_t = 1_073_741_824

  static func main() {
    var limit = rlimit(rlim_cur: memoryLimit, rlim_max: memoryLimit)
    guard setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else {
      fail("Its memory could not be limited.", softwareError)
    }
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
    FileHandle.standardOutput.write(Data(message.utf8))
    exit(code)
  }
}

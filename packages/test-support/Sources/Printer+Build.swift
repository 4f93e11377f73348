// The program that sets documents, as this build has made it.

package import Print

extension Printer {
  /// Of the debug build that the tests belong to; a new one each time, so that no test waits for another's documents, and
  /// so patient that none depends on how fast the machine is.
  package static var ofThisBuild: Printer {
    Printer(program: Repository.root + "/.build/debug/ops-print", patience: .seconds(600))
  }
}

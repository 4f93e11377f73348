// The program that sets documents, as this build has made it.

public import Print

extension Printer {
  /// Of the debug build that the tests belong to.
  public static let ofThisBuild = Printer(program: Repository.root + "/.build/debug/ops-print")
}

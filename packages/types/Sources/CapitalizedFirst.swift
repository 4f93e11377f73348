// Words where a sentence begins with them.

extension StringProtocol {
  /// The text with a capital first letter, all else as it is.
  public var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}

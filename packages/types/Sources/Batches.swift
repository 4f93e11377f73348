// Much in parts: what one statement takes, or one transaction.

extension Array {
  /// The elements in their order, so many at a time, the last ones as many as are left.
  /// - Parameter size: at least one.
  public func batches(of size: Int) -> [[Element]] {
    stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
  }
}

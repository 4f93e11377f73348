// How raw probabilities are to be read: the rising function nearest to what turned out right [Ayer et al. 1955].

/// Fits a calibration.
enum Isotonic {
  /// - Parameter outcomes: raw probabilities, and whether what they spoke of was right.
  static func fit(_ outcomes: [(raw: Double, isRight: Bool)], least: Int = 25) -> Calibration {
    struct Block {
      var raw: Double
      var right: Double
      var count: Double
      var share: Double { right / count }
    }
    let sorted = outcomes.sorted { $0.raw < $1.raw }
    var blocks: [Block] = []
    var index = 0
    while index < sorted.count {
      // Blocks of a few at first: a single outcome says nothing.
      let end = sorted.count - index < 2 * least ? sorted.count : index + least
      let slice = sorted[index..<end]
      var block = Block(
        raw: slice.reduce(0) { $0 + $1.raw }, right: Double(slice.filter(\.isRight).count), count: Double(slice.count))
      while let last = blocks.last, last.share >= block.share {
        blocks.removeLast()
        block = Block(raw: block.raw + last.raw, right: block.right + last.right, count: block.count + last.count)
      }
      blocks.append(block)
      index = end
    }
    var points: [(Double, Double)] = []
    for block in blocks {
      let raw = block.raw / block.count
      // One right and one wrong more than were seen, so that nothing is ever certain.
      let share = (block.right + 0.5) / (block.count + 1)
      if let last = points.last, raw - last.0 < 1e-6 || share <= last.1 { continue }
      points.append((raw, share))
    }
    return Calibration(points: points)
  }
}

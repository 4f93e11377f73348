// What stands between two cells: the sign that makes the first rows alike.

import Glibc

/// A vote of the signs that are usual, each reading the first rows its own way.
enum DelimiterVote {
  static let candidates: [UInt8] = [",", ";", "\t", "|"].map { UInt8(ascii: $0) }
  private static let rows = 200
  private static let sampleBytes = 2 << 20

  struct Outcome {
    let delimiter: UInt8
    /// Whether the first line says so, as `sep=;`.
    let isDeclared: Bool
  }

  static func vote(
    _ source: any ByteSource, _ encoding: TextEncoding, carriageReturns: Bool
  ) throws(SourceError) -> Outcome {
    if let declared = try declared(source, encoding) { return Outcome(delimiter: declared, isDeclared: true) }
    var best: (delimiter: UInt8, score: Double) = (candidates[0], 0)
    for candidate in candidates {
      let reader = try CSVReader(
        source, encoding, delimiter: candidate, carriageReturns: carriageReturns, sampleBytes: sampleBytes)
      let score = try score(reader)
      if score > best.score { best = (candidate, score) }
    }
    return Outcome(delimiter: best.delimiter, isDeclared: false)
  }

  /// The share of rows with the most frequent number of fields, times the logarithm of that number.
  private static func score(_ reader: CSVReader) throws(SourceError) -> Double {
    var counts: [Int: Int] = [:]
    var total = 0
    for _ in 0..<rows {
      guard let row = try reader.next() else { break }
      if row.cells.allSatisfy(ColumnNames.isBlank) { continue }
      counts[row.cells.count, default: 0] += 1
      total += 1
    }
    guard let modal = counts.max(by: { ($0.value, $0.key) < ($1.value, $1.key) }), total > 0 else { return 0 }
    return Double(modal.value) / Double(total) * log(Double(modal.key))
  }

  static func declared(_ source: any ByteSource, _ encoding: TextEncoding) throws(SourceError) -> UInt8? {
    let stream = try TextStream(source, encoding, limit: 64)
    guard try stream.advance() else { return nil }
    let line = Array(UnsafeBufferPointer(start: stream.base, count: stream.count))
    guard line.count > 5 || line.count == 5, line.prefix(4).elementsEqual("sep=".utf8), line[4] >= 9, line[4] < 128
    else {
      return nil
    }
    return line.count == 5 || line[5] == 10 || line[5] == 13 ? line[4] : nil
  }
}

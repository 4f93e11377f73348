// Delimited text as records [RFC 4180], byte by byte over UTF-8; strings come into being only for whole cells.

/// What gives records one after the other, as they stand in the file: blank ones and headers too.
protocol RecordReader: AnyObject {
  /// The next record, or `nil` at the end.
  func next() throws(SourceError) -> SourceRow?
}

/// Reads CSV and TSV.
final class CSVReader: RecordReader {
  private var tokenizer: CSVTokenizer

  /// A reader from the beginning; a sample ends after so many bytes, wherever that is.
  init(
    _ source: any ByteSource, _ encoding: TextEncoding, delimiter: UInt8, carriageReturns: Bool,
    limits: SourceLimits = .standard, sampleBytes: Int? = nil
  ) throws(SourceError) {
    tokenizer = try CSVTokenizer(
      source, encoding, delimiter: delimiter, carriageReturns: carriageReturns, limits: limits, sampleBytes: sampleBytes
    )
  }

  func next() throws(SourceError) -> SourceRow? { try tokenizer.next() }
}

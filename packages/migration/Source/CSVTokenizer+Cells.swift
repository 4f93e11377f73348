// Cells out of the bytes between two delimiters: within their limits, without controls, told what is odd about them.

extension CSVTokenizer {
  /// Makes a cell of what was kept and this part of the window.
  mutating func finish(_ start: Int, _ end: Int, trimsReturn: Bool = false) {
    defer { cellsSeen += 1 }
    let replaced = hasReplacements ? text.takeReplacements(before: delivered + max(end, position)) : []
    guard cellsSeen <= limits.columns else { return }
    if scratch.isEmpty {
      finish(UnsafeBufferPointer(start: base + start, count: end - start), trimsReturn: trimsReturn)
    } else {
      keep(start, end)
      let kept = scratch
      kept.withUnsafeBufferPointer { finish($0, trimsReturn: trimsReturn) }
    }
    if let first = replaced.first {
      problem(
        .replacedBytes,
        replaced.count == 1
          ? "A byte at \(first.offset) could not be decoded."
          : "\(replaced.count) bytes could not be decoded, the first at \(first.offset).")
    }
  }

  private mutating func finish(_ bytes: UnsafeBufferPointer<UInt8>, trimsReturn: Bool) {
    var bytes = bytes
    if trimsReturn, !overflowed, bytes.last == Self.carriageReturn { bytes = .init(rebasing: bytes.dropLast()) }
    let room = min(limits.cellBytes, limits.rowBytes - rowBytes)
    if overflowed || bytes.count > room {
      problem(.textTooLong, "The text is longer than \(limits.cellBytes) bytes, or makes its row too long.")
      bytes = UTF8Cut.prefix(bytes, room)
    }
    rowBytes += bytes.count
    if flags & ByteClasses.control != 0 {
      let clean = bytes.filter { $0 >= 32 || $0 == 9 || $0 == 10 || $0 == 13 }
      clean.withUnsafeBufferPointer { add($0) }
    } else {
      add(bytes)
    }
  }

  private mutating func add(_ bytes: UnsafeBufferPointer<UInt8>) {
    let cell = SpreadsheetMark.read(bytes)
    if let code = cell.code { problem(code, cell.reason) }
    cells.append(String(decoding: cell.bytes, as: UTF8.self))
  }

  mutating func problem(_ code: CellProblem.Code, _ text: String) {
    problems.append(CellProblem(code: code, column: cellsSeen, text: text))
  }
}

// What stands on paper, as a reader of PDF finds it there.

import Foundation
import Print
import Subprocess
import SystemPackage
import TestSupport
import Testing

@Suite("A printed document")
struct PrinterTests {
  private static let moment = Date(timeIntervalSince1970: 1_772_442_900)

  private func document(_ parts: [PrintedDocument.Part], title: String = "Of a test") -> PrintedDocument {
    PrintedDocument(title: title, footer: "The foot", language: "en", madeAt: Self.moment, parts: parts)
  }

  private func table(_ rows: Int, _ value: (Int) -> String = { "Value \($0)" }) -> PrintedTable {
    PrintedTable(
      [.init("Column of words"), .init("Count", .number)], rows: (0..<rows).map { [value($0), String($0)] })
  }

  /// What a program of poppler's says of a PDF.
  private func ask(_ program: String, _ arguments: [String], of pdf: [UInt8]) async throws -> String {
    let result = try await Subprocess.run(
      .name(program), arguments: Arguments(arguments), input: .array(pdf), output: .string(limit: 4_194_304),
      error: .string(limit: 65_536))
    return result.standardOutput
  }

  private func text(of pdf: [UInt8]) async throws -> String {
    try await ask("pdftotext", ["-layout", "-", "-"], of: pdf)
  }

  @Test("says all that it holds, as text, with its title, its moment and its structure")
  func content() async throws {
    let pdf = try await Printer.ofThisBuild.pdf(
      document([
        .facts([.init("Client", "Acme")]), .paragraph("Everything adds up."), .bullets(["First", "Second"]),
        .heading("Policies", level: .section), .heading("By status", level: .table), .table(table(3)),
        .signatures(["Acme", "Ethico"]),
      ]))
    let text = try await text(of: pdf)
    for words in [
      "Of a test", "Client", "Acme", "Everything adds up.", "First", "Second", "Policies", "By status",
      "Column of words", "Value 2", "For Ethico", "Date and signature", "The foot", "Page 1 of 1",
    ] { #expect(text.contains(words), "\(words)") }
    let facts = try await ask("pdfinfo", ["-isodates", "-"], of: pdf)
    #expect(facts.contains("Title:           Of a test") && facts.contains("A4") && facts.contains("2026-03-02T09:15"))
    let structure = try await ask("pdfinfo", ["-struct-text", "-"], of: pdf)
    for tag in ["H1", "H2", "H3", "Table", "TH", "TD"] { #expect(structure.contains(tag), "\(tag)") }
    let fonts = try await ask("pdffonts", ["-"], of: pdf).split(separator: "\n").dropFirst(2)
    #expect(!fonts.isEmpty && fonts.allSatisfy { $0.contains(" yes yes ") })
  }

  @Test("is the same, byte for byte, each time it is set")
  func repeated() async throws {
    let document = document([.table(table(10))])
    #expect(try await Printer.ofThisBuild.pdf(document) == Printer.ofThisBuild.pdf(document))
  }

  @Test("goes on over pages, the heads of its table on each and no row on two")
  func pages() async throws {
    let pdf = try await Printer.ofThisBuild.pdf(
      document([
        .table(table(300) { $0 % 7 == 0 ? "Value \($0), " + String(repeating: "and more ", count: 30) : "Value \($0)" })
      ]))
    let pages = try await text(of: pdf).split(separator: "\u{0C}").filter { $0.contains("Page") }
    #expect(pages.count > 5)
    for (index, page) in pages.enumerated() {
      #expect(page.contains("Column of words") && page.contains("Page \(index + 1) of \(pages.count)"))
    }
    let joined = pages.joined()
    for number in 0..<300 { #expect(joined.contains("Value \(number)"), "\(number)") }
  }

  @Test(
    "shows every script, and what no page can hold as little as it must",
    arguments: [
      "Ψυχή Привет Größe Łódź", "שלום עולם", "مرحبا بالعالم", "नमस्ते दुनिया", "举报热线", "タイトル", "한국어",
      "control \u{0}\u{7}characters", "<b>no & markup</b>", "",
    ])
  func scripts(words: String) async throws {
    let pdf = try await Printer.ofThisBuild.pdf(
      document([.paragraph(words), .table(table(1) { _ in words })], title: "Title"))
    let plain = words.filter { !$0.isASCII || !$0.unicodeScalars.contains { $0.value < 32 } }
    let told = try await ask("pdftotext", ["-raw", "-", "-"], of: pdf)
    // Readers put what runs to the left in the order of the page or of the text: the letters are there.
    for letter in Set(plain.unicodeScalars) where letter.properties.isAlphabetic {
      #expect(told.precomposedStringWithCompatibilityMapping.unicodeScalars.contains(letter), "\(letter)")
    }
  }

  @Test("with words longer than a line or a page still ends")
  func long() async throws {
    let word = String(repeating: "x", count: 20_000)
    let pdf = try await Printer.ofThisBuild.pdf(
      document([.paragraph(word), .facts([.init(word, "v")]), .table(table(2) { _ in word }), .table(table(0))]))
    #expect(pdf.starts(with: Array("%PDF-".utf8)))
  }

  @Test("that cannot be made says why: no program, one that refuses, one that never ends what it says")
  func failures() async throws {
    let nowhere = Printer(program: "/nonexistent/ops-print")
    await #expect(throws: PrinterFailure.missing("/nonexistent/ops-print")) { try await nowhere.pdf(document([])) }
    await #expect(throws: PrinterFailure.refused("")) { try await Printer(program: "/bin/false").pdf(document([])) }
    await #expect(throws: PrinterFailure.self) { try await Printer(program: "/usr/bin/yes").pdf(document([])) }
    let long = document([.paragraph(String(repeating: "more than a pipe holds ", count: 20_000))])
    await #expect(throws: PrinterFailure.refused("")) { try await Printer(program: "/bin/false").pdf(long) }
  }

  @Test("that does not come in time is waited for no longer")
  func late() async throws {
    let folder = FilePath(FileManager.default.temporaryDirectory.path(percentEncoded: false)).appending(
      "printer-\(UUID().uuidString)")
    try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder.string) }
    let program = folder.appending("ops-print").string
    try "#!/bin/sh\nmkfifo \(folder.string)/nobody\nread nothing <\(folder.string)/nobody\n".write(
      toFile: program, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    let hurried = Printer(program: program, patience: .milliseconds(1))
    await #expect(throws: PrinterFailure.late(.milliseconds(1))) { try await hurried.pdf(document([])) }
  }

  @Test("that nobody waits for any more ends the program that sets it; while all places are taken none is begun")
  func cancelled() async throws {
    let folder = FilePath(FileManager.default.temporaryDirectory.path(percentEncoded: false)).appending(
      "printer-\(UUID().uuidString)")
    try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder.string) }
    let program = folder.appending("ops-print").string
    // Each says that it runs, and then waits for whoever ends it.
    let script = """
      #!/bin/sh
      mkfifo \(folder.string)/began-$$
      read nothing <\(folder.string)/began-$$

      """
    try script.write(toFile: program, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    let printer = Printer(program: program)
    let printing = (0..<Printer.places).map { _ in Task { try await printer.pdf(document([])) } }
    func begun() throws -> Int {
      try FileManager.default.contentsOfDirectory(atPath: folder.string).count { $0.hasPrefix("began-") }
    }
    while try begun() < Printer.places { await Task.yield() }
    await #expect(throws: PrinterFailure.busy) { try await printer.pdf(document([])) }
    for task in printing {
      task.cancel()
      await #expect(throws: (any Error).self) { try await task.value }
    }
  }
}

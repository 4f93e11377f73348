// The rules of ARCHITECTURE.md that a machine can see.

import Foundation
import TestSupport
import Testing

@Suite("Tidiness")
struct TidyTests {
  private static func sources(_ folder: String) -> [(path: String, text: String)] {
    let root = URL(filePath: Repository.root)
    let start = root.appending(path: folder)
    guard let walker = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil) else { return [] }
    return walker.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }.compactMap { url in
      guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
      return (url.path().replacing(root.path(), with: ""), text)
    }.sorted { $0.0 < $1.0 }
  }

  private static let all = sources("packages") + sources("apps")
  private static let product = all.filter { !$0.path.contains("/Tests/") && !$0.path.contains("/test-support/") }

  private func imports(_ text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ").map(String.init)
      guard let index = words.firstIndex(of: "import"), index <= 2, index + 1 < words.count else { return nil }
      guard
        words[..<index].allSatisfy({ ["public", "package", "internal", "@testable", "@preconcurrency"].contains($0) })
      else { return nil }
      return words[index + 1]
    }
  }

  @Test("finds the sources")
  func found() {
    #expect(Self.product.count > 100)
  }

  @Test("types and markup import nothing of ours")
  func leaves() {
    let ours: Set = [
      "EthicoTypes", "Markup", "Normalization", "Postgres", "Access", "Errors", "Flags", "Jobs", "Mail", "Web",
      "Workspace", "Demo", "Mapping", "SourceFiles", "Migration", "Print", "Typesetting", "OpsConsole", "TestSupport",
    ]
    for file in Self.product where file.path.contains("packages/types/") || file.path.contains("packages/markup/") {
      #expect(ours.isDisjoint(with: imports(file.text)), "\(file.path)")
    }
  }

  @Test("only postgres imports libpq")
  func libpq() {
    for file in Self.product where !file.path.contains("packages/postgres/") {
      #expect(!imports(file.text).contains("CPostgres"), "\(file.path)")
    }
  }

  @Test("only web, workspace and apps import Hummingbird")
  func hummingbird() {
    for file in Self.product where !file.path.contains("packages/web/") && !file.path.contains("packages/workspace/") {
      guard !file.path.contains("apps/") else { continue }
      #expect(!imports(file.text).contains("Hummingbird"), "\(file.path)")
    }
  }

  @Test("the whole of Foundation is for programs that end: a server keeps four megabytes of it")
  func essentials() {
    for file in Self.product where !file.path.contains("apps/ops-print/") && !file.path.contains("SourceTests/") {
      #expect(!imports(file.text).contains("Foundation"), "\(file.path)")
    }
  }

  @Test("the workspace does not know the console, nor the console the demo")
  func directions() {
    for file in Self.product {
      if file.path.contains("packages/") && !file.path.contains("packages/demo/") {
        #expect(!imports(file.text).contains("OpsConsole"), "\(file.path)")
        #expect(!imports(file.text).contains("Demo"), "\(file.path)")
      }
      if file.path.contains("Sources/OpsConsole/") {
        #expect(!imports(file.text).contains("Postgres"), "\(file.path)")
      }
    }
  }

  @Test("no app imports an app")
  func apps() {
    let modules = ["apps/ops-console/": ["OpsConsole", "ops_console"], "apps/ops-print/": ["ops_print"]]
    for (app, own) in modules {
      for file in Self.product where file.path.contains("apps/") && !file.path.contains(app) {
        #expect(Set(own).isDisjoint(with: imports(file.text)), "\(file.path)")
      }
    }
  }

  @Test("the reader of files knows no database and no web")
  func reader() {
    let allowed: Set = [
      "EthicoTypes", "Mapping", "CZlib", "CExpat", "CUchardet", "CIconv", "CXlsxWriter", "Glibc",
      "FoundationEssentials", "Synchronization",
    ]
    for file in Self.product where file.path.contains("packages/migration/Source/") {
      #expect(allowed.isSuperset(of: imports(file.text)), "\(file.path)")
    }
  }

  private static let speaksSQL = [
    "packages/postgres/", "packages/access/", "packages/errors/", "packages/flags/", "packages/jobs/",
    "packages/workspace/", "packages/migration/Sources/", "packages/demo/",
  ]

  private func expectNoSQL(_ file: (path: String, text: String)) {
    for verb in [#"SELECT [a-z"*(]"#, #"INSERT INTO"#, #"UPDATE [a-z"]+ SET"#, #"DELETE FROM"#] {
      #expect(file.text.range(of: verb, options: .regularExpression) == nil, "\(file.path): \(verb)")
    }
  }

  @Test("SQL stands in db and in the packages that hold records, and nowhere else")
  func sql() {
    for file in Self.product where !Self.speaksSQL.contains(where: { file.path.contains($0) }) { expectNoSQL(file) }
  }

  @Test("what is shown and who answers holds no SQL")
  func pages() {
    let ends = [
      "View.swift", "Views.swift", "Panel.swift", "Controller.swift", "Body.swift", "Bodies.swift", "Words.swift",
    ]
    for file in Self.product where ends.contains(where: { file.path.hasSuffix($0) }) { expectNoSQL(file) }
  }

  @Test("no promise is left in the code")
  func promises() {
    let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X:", "HA" + "CK", "fatal" + "Error(", "try" + "!"]
    for file in Self.product {
      for mark in marks { #expect(!file.text.contains(mark), "\(file.path): \(mark)") }
    }
  }

  @Test("what escapes the compiler's checks of sharing stands in postgres alone")
  func unchecked() {
    for file in Self.product where !file.path.contains("packages/postgres/") {
      #expect(!file.text.contains("@unchecked " + "Sendable"), "\(file.path)")
      #expect(!file.text.contains("nonisolated(" + "unsafe)"), "\(file.path)")
    }
  }

  @Test("one task is detached: what looks after all who wait for a connection")
  func detached() {
    for file in Self.product where !file.path.hasSuffix("packages/postgres/Sources/WaitingLine.swift") {
      #expect(!file.text.contains("Task." + "detached"), "\(file.path): docs/decisions/006")
    }
  }

  @Test("a target stands behind those that it needs")
  func targets() throws {
    let text = try String(contentsOfFile: Repository.root + "/Package.swift", encoding: .utf8)
    let targets = text.matches(of: #/\.(?:target|testTarget|executableTarget|systemLibrary)\(\s*name: "([^"]+)"/#)
    let names = Set(targets.map { String($0.output.1) })
    #expect(names.count > 30)
    var above: Set<String> = []
    for (index, target) in targets.enumerated() {
      let name = String(target.output.1)
      let end = index + 1 < targets.count ? targets[index + 1].range.lowerBound : text.endIndex
      let quoted = text[target.range.upperBound..<end].matches(of: #/"([^"]+)"/#).map { String($0.output.1) }
      let needed = Set(quoted).intersection(names)
      #expect(needed.isSubset(of: above), "\(name) needs \(needed.subtracting(above).sorted())")
      above.insert(name)
    }
  }

  @Test("a file begins with its place in the whole, and a line has at most 120 columns")
  func form() {
    for file in Self.product {
      #expect(file.text.hasPrefix("//"), "\(file.path) does not say what it is")
      for (number, line) in file.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        #expect(line.count <= 120, "\(file.path):\(number + 1) has \(line.count) columns")
      }
    }
  }

  @Test("every migration has its number, and none is missing")
  func migrations() throws {
    let folder = Repository.root + "/db/migrations"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".sql") }.sorted()
    for (index, name) in names.enumerated() {
      let digits = String(index + 1)
      let number = String(repeating: "0", count: 4 - digits.count) + digits
      #expect(name.hasPrefix(number + "_"), "\(name)")
    }
  }
}

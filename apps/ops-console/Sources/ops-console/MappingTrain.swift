// `mapping train` and `mapping evaluate`: how the model that ships is made, and what it is worth.

import ArgumentParser
import FoundationEssentials
import Mapping

struct MappingTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Makes the mapping model out of the corpus, and prints its figures.")

  @Option(help: "The folder of labelled tables.")
  var corpus = "packages/mapping/Corpus"

  @Option(help: "Where the model is written.")
  var output = "packages/mapping/Data/model.json"

  func run() throws {
    let outcome = Training(corpus: try Corpus(folder: corpus)).run()
    try outcome.model.json.write(toFile: output, atomically: true, encoding: .utf8)
    print(outcome.figures)
  }
}

struct MappingEvaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Prints the figures on systems that the model had not seen, beside what could be had without learning.")

  @Option(help: "The folder of labelled tables.")
  var corpus = "packages/mapping/Corpus"

  @Flag(help: "Measure the model that ships on these tables, as they are, instead of training.")
  var shipped = false

  @Flag(help: "Also print what is suggested wrongly.")
  var errors = false

  func run() throws {
    if shipped {
      print(Figures.measure(try Corpus(folder: corpus)))
      return
    }
    let outcome = Training(corpus: try Corpus(folder: corpus)).run()
    print(outcome.figures)
    if errors { print(outcome.errors.joined(separator: "\n")) }
  }
}

// Somebody outside who may know what a column is that the engine knows no field for. Who that is the program says; what
// they hear and what their answer is worth stands here and in `MappingQuestion`.

package import Mapping

/// Whoever is asked about columns without a field.
package struct MappingAdviser: Sendable {
  package typealias Ask = @Sendable (_ question: MappingQuestion) async -> [MappingAdvice]?

  private let ask: Ask

  /// - Parameter ask: `nil` where no answer came in time, or none that can be read.
  package init(_ ask: @escaping Ask) {
    self.ask = ask
  }

  /// A suggestion as it stands after they were asked.
  package struct Outcome: Sendable {
    package let suggestion: Suggestion
    /// They were asked and said nothing: what the engine says stands.
    package let isUnanswered: Bool
  }

  /// Asks about the columns that have no field. Of one that seems to say who reported, or that the client has decided
  /// about before, nobody outside hears.
  package func advise(
    _ suggestion: Suggestion, of table: SourceTable, knowing memory: MappingMemory = .none
  ) async -> Outcome {
    let hidden = table.columns.filter { column in
      memory.accepted[MappingMemory.key(of: column.name)] != nil
        || suggestion.entity.value.mayNameReporter && ReporterIdentity.isNamed(by: column.name)
    }
    guard let question = MappingQuestion(suggestion, of: table, without: Set(hidden.map(\.index))) else {
      return Outcome(suggestion: suggestion, isUnanswered: false)
    }
    guard let advice = await ask(question) else { return Outcome(suggestion: suggestion, isUnanswered: true) }
    return Outcome(suggestion: suggestion.taking(advice, to: question, of: table), isUnanswered: false)
  }
}

// What the columns of a table that a job has read seem to mean: by what is known here, and by somebody outside where
// the client wants that.

import Access
import EthicoTypes
import Flags
import Jobs
import Mapping

extension JobRun {
  /// What a batch begins with. Nobody outside is asked but about the columns that have no field, where the client has
  /// `ai_assistant`; meanwhile no transaction is open.
  /// - Parameter entity: what the rows are; found out where it is `nil`.
  func suggestion(
    for table: SourceTable, as entity: ImportEntity? = nil, asking adviser: MappingAdviser?
  ) async throws -> (batch: BatchSuggestion, isUnanswered: Bool) {
    let key = ledger.vault?.headerKey
    let (own, memory) = try await inside { tx in
      try await MappingMemory.suggestion(for: table, as: entity, key, in: tx)
    }
    guard let adviser, try await mayAsk() else { return (BatchSuggestion(own, of: table), false) }
    let advised = await adviser.advise(own, of: table, knowing: memory)
    return (BatchSuggestion(advised.suggestion, of: table), advised.isUnanswered)
  }

  private func mayAsk() async throws -> Bool {
    try await inside { tx in try await Flag.aiAssistant.isOn(in: tx) }
  }
}

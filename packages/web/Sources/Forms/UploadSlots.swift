// How many files are on their way in at once: what is held of each in memory, a few times over while it is stored, adds
// up.

import HTTPTypes
import Synchronization

/// Room for a few uploads. Who finds none is asked to try again, as with a busy database.
final class UploadSlots: Sendable {
  private let limit: Int
  private let taken = Mutex(0)

  init(limit: Int = 4) {
    self.limit = limit
  }

  /// Runs `body` in a slot of its own.
  /// - Throws: `Problem.uploadsBusy` when all are taken.
  func hold<Result>(_ body: () async throws -> Result) async throws -> Result {
    let isFree = taken.withLock { taken in
      guard taken < limit else { return false }
      taken += 1
      return true
    }
    guard isFree else { throw Problem.uploadsBusy }
    defer { taken.withLock { $0 -= 1 } }
    return try await body()
  }
}

extension Problem {
  static let uploadsBusy: Problem = {
    var problem = Problem(
      .serviceUnavailable, "busy", "Several files are being taken in at this moment.",
      "Nothing was changed. Go back, and send yours again in a few seconds.")
    problem.retryAfterSeconds = 5
    return problem
  }()
}

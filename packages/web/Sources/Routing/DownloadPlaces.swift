// How many files are on their way out at once: each is in memory, a few times over while it is read, for as long as
// somebody takes to receive it.

import Access
import HTTPTypes
import Synchronization

/// Room for a few files that are handed over. Who finds none is asked to try again, as with a busy database.
final class DownloadPlaces: Sendable {
  private let limit: Int
  private let perPerson: Int
  private let taken = Mutex<[Actor: Int]>([:])

  /// - Parameter perPerson: so that nobody keeps all the room by receiving slowly.
  init(limit: Int = 4, perPerson: Int = 2) {
    self.limit = limit
    self.perPerson = perPerson
  }

  /// A place, taken until nothing holds it any more.
  final class Place: Sendable {
    private let places: DownloadPlaces
    private let person: Actor

    fileprivate init(_ places: DownloadPlaces, _ person: Actor) {
      self.places = places
      self.person = person
    }

    deinit {
      places.giveBack(person)
    }
  }

  /// Takes a place for somebody.
  /// - Throws: `Problem.downloadsBusy` when all are taken, or all of theirs.
  func take(for person: Actor) throws(Problem) -> Place {
    let isFree = taken.withLock { taken in
      let own = taken[person] ?? 0
      guard own < perPerson, taken.values.reduce(0, +) < limit else { return false }
      taken[person] = own + 1
      return true
    }
    guard isFree else { throw .downloadsBusy }
    return Place(self, person)
  }

  private func giveBack(_ person: Actor) {
    taken.withLock { taken in
      let left = (taken[person] ?? 0) - 1
      taken[person] = left > 0 ? left : nil
    }
  }
}

extension Problem {
  static let downloadsBusy: Problem = {
    var problem = Problem(
      .serviceUnavailable, "busy", "Several files are being handed over at this moment.",
      "Wait until yours have come, and ask for this one again in a few seconds.")
    problem.retryAfterSeconds = 5
    return problem
  }()
}

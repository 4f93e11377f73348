// How often the program asked the database something: what a page costs beside the work of the database itself.

import Synchronization

/// Counts round trips.
package final class RoundTripTally: Sendable {
  private let trips = Atomic<Int>(0)

  func count() {
    trips.wrappingAdd(1, ordering: .relaxed)
  }

  var value: Int { trips.load(ordering: .relaxed) }
}

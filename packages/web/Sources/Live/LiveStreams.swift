// The streams that are open in this process: who waits for what, and how many there may be.

import Access
import EthicoTypes
import HTTPTypes
import NIOCore
package import Postgres
import Synchronization

/// How many streams there may be, and how fast.
public struct StreamLimits: Sendable, Hashable {
  /// Of one sign-in: a page that is seen has one.
  public var perSignIn: Int
  /// In this process.
  public var inAll: Int
  /// How long a stream rests after each event.
  public var pace: Duration

  /// Left out, they are 6 of one sign-in, 1,000 in all, and a rest of 250 ms.
  public init(perSignIn: Int = 6, inAll: Int = 1_000, pace: Duration = .milliseconds(250)) {
    self.perSignIn = perSignIn
    self.inAll = inAll
    self.pace = pace
  }

  /// What holds where neither `OPS_STREAMS_PER_SIGN_IN` nor `OPS_STREAMS` says otherwise.
  public static let standard = StreamLimits()
}

/// The streams that are open in this process.
public final class LiveStreams: Sendable {
  private struct Place {
    weak var stream: LiveStream?
    let session: ID<StaffSession>
    let keys: Set<LiveKey>
  }

  private struct State {
    var places: [Int: Place] = [:]
    var waiting: [LiveKey: Set<Int>] = [:]
    var numbers = 0
    var isEnding = false
  }

  let limits: StreamLimits
  private let state = Mutex(State())

  init(limits: StreamLimits) {
    self.limits = limits
  }

  /// A beat proves each stream's right anew, and tells its page that it is alive. One second's streams at a time, so
  /// that they do not all ask at once.
  static let beatSeconds = 15

  /// How many are open now, as the gauge `ops_live_streams` shows.
  public var count: Int { state.withLock { $0.places.count } }

  func open(
    for session: ID<StaffSession>, on keys: Set<LiveKey>, channel: (any Channel)?
  ) throws(Problem) -> LiveStream {
    let opened: Result<LiveStream, Problem> = state.withLock { state in
      if let refusal = refusal(of: session, in: state) { return .failure(refusal) }
      state.numbers += 1
      let number = state.numbers
      let stream = LiveStream(keys, channel: channel) { [weak self] in self?.leave(number) }
      state.places[number] = Place(stream: stream, session: session, keys: keys)
      for key in keys { state.waiting[key, default: []].insert(number) }
      return .success(stream)
    }
    return try opened.get()
  }

  private func refusal(of session: ID<StaffSession>, in state: State) -> Problem? {
    if state.isEnding || state.places.count >= limits.inAll { return .streamsFull }
    let own = state.places.values.count { $0.session == session }
    return own >= limits.perSignIn ? .tooManyStreams : nil
  }

  private func leave(_ number: Int) {
    state.withLock { state in
      guard let place = state.places.removeValue(forKey: number) else { return }
      for key in place.keys {
        state.waiting[key]?.remove(number)
        if state.waiting[key]?.isEmpty == true { state.waiting[key] = nil }
      }
    }
  }

  // MARK: Waking

  /// What the database notified. After a gap everything may have changed.
  package func hear(_ heard: Heard) {
    switch heard {
    case .gap:
      for stream in streams({ _ in true }) { stream.mark(stream.keys) }
    case .keys(let texts):
      for key in texts.map(LiveKey.init(text:)) {
        let streams = state.withLock { state in
          (state.waiting[key] ?? []).compactMap { state.places[$0]?.stream }
        }
        for stream in streams { stream.mark([key]) }
      }
    }
  }

  /// Lets the streams of that second beat; all of them if none is said.
  package func beat(second: Int? = nil) {
    for stream in streams({ second == nil || $0 % Self.beatSeconds == second }) { stream.mark([.beat]) }
  }

  /// Opens none any more and ends those that are open; a reader who does not read is not waited for.
  func end(within patience: Duration) async {
    state.withLock { $0.isEnding = true }
    for stream in streams({ _ in true }) { stream.end() }
    let deadline = ContinuousClock.now + patience
    while count > 0, ContinuousClock.now < deadline {
      do {
        try await Task.sleep(for: .milliseconds(20))
      } catch {
        break
      }
    }
    for stream in streams({ _ in true }) { stream.breakOff() }
  }

  private func streams(_ isMeant: (Int) -> Bool) -> [LiveStream] {
    state.withLock { state in state.places.filter { isMeant($0.key) }.values.compactMap(\.stream) }
  }
}

extension Problem {
  static let streamsFull = Problem(
    .serviceUnavailable, "streams_full", "More pages are open than can be kept fresh.",
    "This one does not keep itself fresh. Reload it to see what is new.")
  static let tooManyStreams: Problem = {
    var problem = Problem(
      .tooManyRequests, "too_many_streams", "Many of your pages are open at once.",
      "This one does not keep itself fresh. Close others, or reload it.")
    problem.retryAfterSeconds = 30
    return problem
  }()
}

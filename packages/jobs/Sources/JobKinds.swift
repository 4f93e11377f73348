// The kinds of work that a release knows. What is not among them waits for a worker that knows it.

import FoundationEssentials
import Postgres

/// The kinds of work that a release knows, by their names.
package struct JobKinds: Sendable {
  private var kinds: [String: JobKind]

  package init(_ types: [any Job.Type]) {
    kinds = Dictionary(types.map { ($0.kind, JobKind(any: $0)) }, uniquingKeysWith: { first, _ in first })
  }

  /// The same, with one kind done by what the composed program gives: somebody outside whom it alone knows.
  package func doing<Kind: Job>(
    _ type: Kind.Type, by work: @escaping @Sendable (Kind, JobRun) async throws -> String
  ) -> JobKinds {
    var others = self
    others.kinds[Kind.kind] = JobKind(type, work)
    return others
  }

  /// The names, in order.
  package var names: [String] { kinds.keys.sorted() }

  /// The kind of that name; `nil` for one of another release.
  package func named(_ name: String) -> JobKind? { kinds[name] }
}

/// One kind of work, without its type.
package struct JobKind: Sendable {
  package let name: String
  package let queue: JobQueue
  package let tries: Int
  package let safeArguments: Set<String>
  let run: @Sendable (JSONText, JobRun) async throws -> String

  fileprivate init(any type: any Job.Type) {
    self = Self.opened(type)
  }

  private static func opened<Kind: Job>(_ type: Kind.Type) -> JobKind {
    JobKind(type) { job, run in try await job.run(run) }
  }

  fileprivate init<Kind: Job>(
    _ type: Kind.Type, _ work: @escaping @Sendable (Kind, JobRun) async throws -> String
  ) {
    name = Kind.kind
    queue = Kind.queue
    tries = Kind.tries
    safeArguments = Kind.safeArguments
    run = { arguments, run in
      let job: Kind
      do {
        job = try JSONDecoder().decode(Kind.self, from: Data(arguments.text.utf8))
      } catch {
        throw JobFailure.permanent("The arguments do not fit what this release expects of \(Kind.kind).")
      }
      return try await work(job, run)
    }
  }
}

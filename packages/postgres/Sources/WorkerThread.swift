// A thread of our own for calls that block, so that the threads of Swift concurrency, as many as there are cores, never
// wait for a database.

import CPostgres
import Dispatch
import Glibc
import Synchronization

/// A named thread that runs jobs in order: the executor of one connection. The thread starts with the first job and
/// ends after `close()` once nothing is left; a job that comes later still runs, on a thread that ends right after it.
final class WorkerThread: SerialExecutor {
  private struct Queue {
    var jobs: [@Sendable () -> Void] = []
    var next = 0
    var hasThread = false
    var isClosing = false

    mutating func pop() -> (@Sendable () -> Void)? {
      guard next < jobs.count else {
        jobs.removeAll(keepingCapacity: true)
        next = 0
        return nil
      }
      defer { next += 1 }
      return jobs[next]
    }
  }

  private enum Step {
    case run(@Sendable () -> Void)
    case wait, end
  }

  private let name: String
  private let queue = Mutex(Queue())
  private let wake = DispatchSemaphore(value: 0)

  /// The name is shown by `ps -L` and `top -H`, cut to the 15 bytes that Linux keeps.
  init(name: String) {
    self.name = String(decoding: name.utf8.prefix(15), as: UTF8.self)
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    submit { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

  func submit(_ job: @escaping @Sendable () -> Void) {
    // Once it can run, the job may be what let go of this thread last: what is needed after that is held here.
    let wake = wake
    let startsThread = queue.withLock { queue in
      queue.jobs.append(job)
      defer { queue.hasThread = true }
      return !queue.hasThread
    }
    if startsThread { start() }
    wake.signal()
  }

  /// Lets the thread end once it has run what is waiting.
  func close() {
    queue.withLock { $0.isClosing = true }
    wake.signal()
  }

  private func run() {
    // Ends through `close()`, which the connection calls at its own end.
    while true {
      let step: Step = queue.withLock { queue in
        if let job = queue.pop() { return .run(job) }
        guard queue.isClosing else { return .wait }
        queue.hasThread = false
        return .end
      }
      switch step {
      case .run(let job): job()
      case .wait: wake.wait()
      case .end: return
      }
    }
  }

  private func start() {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    defer { pthread_attr_destroy(&attributes) }
    var thread = pthread_t()
    let retained = Unmanaged.passRetained(self)
    let result = pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        let worker = Unmanaged<WorkerThread>.fromOpaque(argument).takeRetainedValue()
        postgres_name_thread(worker.name)
        worker.run()
        return nil
      }, retained.toOpaque())
    // Without a thread no job of the connection could ever end, and none could be told so.
    precondition(result == 0, "The system refuses a thread for a database connection (error \(result)).")
  }
}

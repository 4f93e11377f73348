// A request that failed through nobody's doing but ours: in full in the log, and for support without anybody's words.

import Access
import Errors
import EthicoTypes
import HTTPTypes
import Logging

extension Console {
  /// Logs a fault and writes it down where support finds it: under the client in whose workspace it happened, else
  /// under the platform. The answer is a fault either way: that the writing may fail too changes nothing for who asked.
  func note(_ error: any Error, _ frame: Frame) async {
    let facts = frame.request
    log(.error, "A request failed.", error, frame)
    do {
      try await ledger.note(
        occurrence(error, frame), action: frame.acting.map { _ in facts.action },
        by: frame.acting?.author ?? Author(.system("errors"), request: facts))
    } catch {
      logger.error(
        "A fault could not be written down.",
        metadata: ["request": "\(facts.id)", "error": "\(String(reflecting: error))"])
    }
  }

  /// Logs which wait or loss made a request be told to come again; nobody has to mend it unless it comes often.
  func noteBusy(_ error: any Error, _ frame: Frame) {
    log(.warning, "The database had no time for a request.", error, frame)
  }

  /// Logs why a page does not know whom it is for.
  func noteEmpty(_ frame: Frame, _ error: any Error) {
    log(.warning, "A page was laid out without who asked for it.", error, frame)
  }

  private func log(_ level: Logger.Level, _ message: Logger.Message, _ error: any Error, _ frame: Frame) {
    logger.log(
      level: level, message,
      metadata: [
        "request": "\(frame.request.id)", "route": "\(frame.request.route)", "error": "\(String(reflecting: error))",
      ])
  }

  private func occurrence(_ error: any Error, _ frame: Frame) -> ErrorOccurrence {
    var occurrence = ErrorOccurrence(.request, at: frame.request.route, error)
    occurrence.status = Problem.fault.status.code
    occurrence.staff = frame.signedIn?.staff.id
    occurrence.subject = frame.acting?.author.subject
    occurrence.keep(frame.request.method, as: .method)
    return occurrence
  }
}

extension RequestFacts {
  /// What the trail calls the request where it failed: as it would have called it had it not.
  fileprivate var action: String {
    method == "GET" || method == "HEAD" ? "view." + route : route
  }
}

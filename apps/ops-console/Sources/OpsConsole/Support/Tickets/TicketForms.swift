// What the forms and the address of tickets say, checked.

package import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
public import Web

extension NewTicket {
  static let subjectLimit = 200
  static let externalIDLimit = 100
  static let urlLimit = 500

  static let sourceLimit = 100

  /// Reads a ticket and its client's slug. A ticket that has no number elsewhere is known by who sent it and the form's
  /// key, so that sending the form twice adds it once.
  /// - Throws: `Invalid` with every field that cannot be accepted.
  static func read(_ form: SubmittedForm, by staff: ID<Staff>) throws -> (ticket: NewTicket, tenantSlug: String) {
    let fields = form.fields
    let subject = fields.given("subject") ?? ""
    let source = fields.given("source")?.lowercased()
    let externalID = fields.given("external_id")
    let url = fields.given("url")
    let email = fields.given("requester")?.lowercased()
    let priority = fields["priority"].flatMap(TicketPriority.init(rawValue:))
    let errors = [
      fields.given("tenant") == nil ? FieldError("tenant", "Say whose ticket it is.") : nil,
      subject.isEmpty ? FieldError("subject", "Say in a line what is asked for.") : nil,
      line(subject, "subject", "A subject", limit: subjectLimit),
      priority == nil ? FieldError("priority", "Choose how soon it wants to be worked on.") : nil,
      email.flatMap { FieldError(email: $0, "requester") }, sourceError(source, externalID),
      line(externalID ?? "", "external_id", "A number", limit: externalIDLimit), urlError(url),
    ].compactMap(\.self)
    guard errors.isEmpty, let priority else { throw Invalid(errors) }
    let key = "\(staff) \(form.key ?? UUID().uuidString)"
    let ticket = NewTicket(
      source: externalID == nil ? TicketRecord.portal : source ?? TicketRecord.portal, externalID: externalID ?? key,
      url: url, requesterEmail: email, subject: subject, priority: priority)
    return (ticket, fields.given("tenant") ?? "")
  }

  /// One line of text that is not too long.
  private static func line(_ text: String, _ field: String, _ noun: String, limit: Int) -> FieldError? {
    if text.contains(where: \.isControl) {
      return FieldError(field, "\(noun) is one line of text.")
    }
    return FieldError(tooLong: text, field, noun, limit: limit)
  }

  private static func sourceError(_ source: String?, _ externalID: String?) -> FieldError? {
    guard externalID != nil else { return nil }
    guard let source else { return FieldError("source", "Say which system the number is of, as zendesk.") }
    if source == TicketRecord.portal {
      return FieldError("source", "“\(source)” is this portal. Leave number and system empty.")
    }
    return line(source, "source", "A system", limit: sourceLimit)
  }

  private static func urlError(_ url: String?) -> FieldError? {
    guard let url else { return nil }
    guard url.hasPrefix("https://"), !url.contains(where: \.isWhitespace), URL(string: url)?.host() != nil else {
      return FieldError("url", "Write the whole address, beginning with https://.")
    }
    return line(url, "url", "An address", limit: urlLimit)
  }
}

extension TicketChange {
  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields) throws {
    let state = fields["state"].flatMap(TicketState.init(rawValue:))
    let priority = fields["priority"].flatMap(TicketPriority.init(rawValue:))
    let person = fields.given("assignee")
    let assignee = person.flatMap { ID<Staff>($0) }
    let errors = [
      state == nil ? FieldError("state", "Choose where the ticket stands.") : nil,
      priority == nil ? FieldError("priority", "Choose how soon it wants to be worked on.") : nil,
      person != nil && assignee == nil ? FieldError("assignee", "Choose somebody from the list, or nobody.") : nil,
    ].compactMap(\.self)
    guard errors.isEmpty, let state, let priority else { throw Invalid(errors) }
    self.init(state: state, priority: priority, assignee: assignee)
  }
}

extension TicketFilter: ListFilter {
  /// Reads the filter from the address.
  /// - Throws: `Problem` for words that are too long or a cursor of another list.
  init(_ context: StaffContext<ReadTenants>) throws {
    self.init(
      words: try context.filterWords(atMost: Self.wordsLimit),
      states: context.queries("state").compactMap(TicketState.init(rawValue:)),
      priorities: context.queries("priority").compactMap(TicketPriority.init(rawValue:)),
      only: context.query("only").flatMap(Only.init(rawValue:)), tenantSlug: context.query("tenant"),
      limit: context.limit)
    if let place = try context.position(in: self, of: Ticket.self) {
      after = Cursor(createdAt: try CursorDate.read(place.key), id: place.id)
    }
  }

  /// The filter as parameters of the address.
  package var conditions: [(name: String, value: String)] {
    var conditions: [(name: String, value: String)] = []
    if !words.isEmpty { conditions.append(("q", words)) }
    conditions += states.map { ("state", $0.rawValue) }
    conditions += priorities.map { ("priority", $0.rawValue) }
    if let only { conditions.append(("only", only.rawValue)) }
    if let tenantSlug { conditions.append(("tenant", tenantSlug)) }
    return conditions
  }
}

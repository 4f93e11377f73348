// The longest table of the target schema: a case with its report, its investigation and the people in it.

extension TargetSchema {
  static let record: [TargetField] = identity + course + matter + people + parts

  private static let identity: [TargetField] = [
    .text("case_number", "Case number", limit: 64, required: true),
    .text("report_reference", "Report reference", limit: 64),
    .one(
      of: ["phone", "web_form", "chatbot", "email", "proxy", "direct_entry"], "channel", "Channel", required: true),
    .one(of: ["new", "open", "closed"], "status", "Status", required: true),
    .one(
      of: ["new", "assigned", "active", "review", "closed", "remediation", "archived"], "stage", "Stage"),
    .one(
      of: ["substantiated", "unsubstantiated", "inconclusive", "policy_violation", "no_violation"], "outcome",
      "Outcome"),
    .text("substatus", "Substatus").imported, .one(of: ["high", "medium", "low"], "severity", "Severity"),
  ]

  private static let course: [TargetField] = [
    .at("received_at", "Received at", required: true), .at("incident_start", "Start of the incident"),
    .at("incident_end", "End of the incident").imported, .at("opened_at", "Opened at"),
    .at("acknowledged_at", "Acknowledged at").imported, .at("closed_at", "Closed at"), .at("due_at", "Due at"),
  ]

  private static let matter: [TargetField] = [
    .text("category", "Category", required: true), .text("subcategory", "Subcategory"),
    .text("issues[n].category", "Issue: category").imported, .text("issues[n].outcome", "Issue: outcome").imported,
    .text("issues[n].action", "Issue: action").imported, .text("title", "Title"), .long("summary", "Summary"),
    .long("narrative", "Narrative"), .long("resolution", "Resolution"), .text("location", "Location"),
    .text("country", "Country", standard: .country), .text("department", "Department"),
    .text("language", "Language", standard: .language),
  ]

  private static let people: [TargetField] =
    [
      .one(of: ["anonymous", "confidential", "identified"], "reporter_type", "Reporter type", required: true),
      .text("reporter_name", "Reporter's name"), .text("reporter_email", "Reporter's e-mail", standard: .email),
      .text("reporter_phone", "Reporter's phone", standard: .phone),
      .text("reporter_relationship", "Reporter's relationship"),
    ]
    + TargetField.people("assignee", "Assignee")
    + TargetField.people("investigators", "Investigator", list: true)
    + TargetField.people("restricted_persons", "Restricted person", list: true)
    + [
      .one(
        of: ["new", "assigned", "investigating", "pending_review", "closed", "on_hold"], "investigation_status",
        "Investigation status")
    ]

  private static let parts: [TargetField] = [
    .text("parties[n].name", "Party: name"),
    .one(of: ["subject", "witness", "victim", "other"], "parties[n].role", "Party: role"),
    .long("notes[n].body", "Note: text"), .text("notes[n].author", "Note: author"), .at("notes[n].at", "Note: time"),
    .one(of: ["private", "team", "all"], "notes[n].visibility", "Note: visibility"),
    .text("actions[n].type", "Action: type").imported, .day("actions[n].date", "Action: date").imported,
    .money("amount", "Amount").imported,
    .text("amount_currency", "Currency of the amount", standard: .currency).imported,
    .text("related_cases", "Related cases", list: true, reference: .incident),
    .text("related_policies", "Related policies", list: true), .day("retention_until", "Retain until"),
    .flag("legal_hold", "Legal hold"),
  ]
}

// The tables of the target schema, entity by entity. Enumerations of the vocabulary are spelled as there.

extension TargetSchema {
  static let person: [TargetField] =
    [
      .text("employee_id", "Employee ID", limit: 64), .text("email", "E-mail", standard: .email),
      .text("first_name", "First name"), .text("last_name", "Last name"), .text("display_name", "Full name"),
      .text("job_title", "Job title"),
    ]
    + TargetField.people("manager", "Manager")
    + [
      .text("division", "Division"), .text("business_unit", "Business unit"), .text("department", "Department"),
      .text("team", "Team"), .text("location", "Location"), .text("country", "Country", standard: .country),
      .text("language", "Language", standard: .language), .flag("active", "Active"),
    ]

  static let policy: [TargetField] =
    [
      .text("policy_number", "Policy number", limit: 128, required: true), .text("title", "Title", required: true),
      .one(
        of: [
          "code_of_conduct", "anti_harassment", "anti_bribery", "data_privacy", "information_security",
          "gift_entertainment", "conflicts_of_interest", "travel_expense", "whistleblower", "social_media",
          "acceptable_use", "other",
        ], "policy_type", "Policy type", required: true),
      .one(
        of: ["draft", "pending_approval", "approved", "published", "retired"], "status", "Status", required: true),
      .text("version_label", "Version", limit: 32, default: "1"),
      .day("effective_date", "Effective date"), .at("published_at", "Published at"),
      .day("review_date", "Next review"), .day("expiry_date", "Expiry date").imported, .at("retired_at", "Retired at"),
    ]
    + TargetField.people("owner", "Policy owner", required: true)
    + TargetField.people("author", "Author")
    + TargetField.people("approvers", "Approver", list: true).map(\.imported)
    + TargetField.people("reviewers", "Reviewer", list: true).map(\.imported)
    + [
      .text("department", "Department"), .text("locations", "Locations", list: true).imported,
      .text("categories", "Categories", list: true), .text("tags", "Tags", list: true).imported,
      .text("language", "Language", standard: .language),
      .flag("attestation_required", "Attestation required").imported, .long("body", "Text of the policy"),
      .text("body_file", "File of the policy"), .long("change_summary", "Summary of changes"),
    ]
    + TargetField.policies("supersedes", "Supersedes").map(\.imported)
    + [.one(of: ["public", "all_users", "restricted"], "security_level", "Security level").imported]

  static let attestation: [TargetField] =
    TargetField.policies("policy", "Policy", required: true)
    + [.text("policy_version", "Policy version", limit: 32)]
    + TargetField.people("person", "Person", required: true)
    + [
      .text("campaign_name", "Campaign"),
      .one(of: ["checkbox", "signature", "quiz"], "kind", "Kind", default: "checkbox"),
      .one(
        of: ["pending", "notified", "in_progress", "completed", "overdue", "skipped", "expired"], "status", "Status",
        required: true),
      .at("assigned_at", "Assigned at"), .at("due_at", "Due at"), .at("notified_at", "Notified at"),
      .at("attested_at", "Attested at"), .at("refused_at", "Refused at"), .long("refusal_reason", "Reason of refusal"),
      .number("quiz_score", "Quiz score", 0...100), .number("quiz_attempts", "Quiz attempts"),
      .text("ip", "IP address", standard: .ip).imported, .long("comment", "Comment"),
    ]

  static let disclosure: [TargetField] =
    [
      .text("disclosure_number", "Disclosure number", limit: 64, required: true),
      .one(
        of: ["coi", "gift", "outside_employment", "political", "charitable", "travel"], "disclosure_type",
        "Disclosure type", required: true),
      .text("subtype", "Subtype").imported,
      .one(
        of: ["submitted", "under_review", "approved", "rejected", "conditions", "expired"], "status", "Status",
        required: true),
    ]
    + TargetField.people("discloser", "Discloser", required: true)
    + [
      .text("campaign_name", "Campaign"), .at("submitted_at", "Submitted at", required: true),
      .at("decided_at", "Decided at"),
    ]
    + TargetField.people("decided_by", "Decided by")
    + [
      .day("effective_from", "Effective from"), .day("effective_to", "Effective to"),
      .one(of: ["low", "medium", "high"], "risk_level", "Risk level").imported,
      .long("description", "Description"), .long("decision_comment", "Comment of the decision"),
      .long("conditions", "Conditions"), .text("counterparty_name", "Counterparty"),
      .text("counterparty_organisation", "Counterparty's organisation"),
      .flag("government_official", "Government official").imported, .flag("state_owned", "State-owned").imported,
    ]
    + TargetField.people("related_person", "Related person")
    + [
      .text("related_case", "Related case", reference: .incident),
      .one(of: ["giving", "receiving"], "direction", "Direction"), .day("event_date", "Date of the event"),
      .money("value", "Value"), .text("value_currency", "Currency of the value", standard: .currency),
      .long("business_purpose", "Business purpose"),
      .one(of: ["accepted", "declined", "returned", "donated"], "accepted", "Accepted").imported,
      .one(of: ["actual", "potential", "perceived", "none"], "conflict_status", "Kind of conflict").imported,
      .text("organisation", "Organisation"), .text("position", "Position"),
      .number("hours_per_week", "Hours per week", 0...168), .number("ownership_pct", "Ownership in percent", 0...100),
      .money("compensation", "Compensation"), .day("start_date", "Start date"), .day("end_date", "End date"),
      .text("answers[n].question", "Question"), .text("answers[n].answer", "Answer"),
    ]

  static let attachment: [TargetField] =
    [
      .text("attachment_key", "Attachment key"),
      .one(
        of: ["person", "policy", "attestation", "case", "disclosure"], "parent_entity", "Kind of parent",
        required: true),
      .text("parent_key", "Parent's key", required: true), .text("file_name", "File name", required: true),
      .text("path", "Path in the ZIP", required: true), .text("sha256", "SHA-256", standard: .digest),
      .number("size_bytes", "Size in bytes"), .text("media_type", "Media type", standard: .mediaType),
      .text("title", "Title"), .long("description", "Description"),
      .one(
        of: ["evidence", "policy_body", "signed_form", "correspondence", "audio", "image", "other"], "kind", "Kind"),
    ]
    + TargetField.people("uploaded_by", "Uploaded by")
    + [.at("uploaded_at", "Uploaded at"), .one(of: ["private", "team", "all"], "visibility", "Visibility")]

  static let auditEvent: [TargetField] =
    [
      .text("event_key", "Event key"),
      .one(
        of: ["person", "policy", "attestation", "case", "disclosure", "attachment"], "parent_entity",
        "Kind of parent", required: true),
      .text("parent_key", "Parent's key", required: true), .at("occurred_at", "Occurred at", required: true),
    ]
    + TargetField.people("actor", "Actor", required: true)
    + [
      .one(
        of: [
          "create", "view", "update", "status_change", "assign", "comment", "attach", "export", "delete", "login",
          "approve", "attest", "other",
        ], "action", "Action", required: true),
      .text("action_label", "Action in the source's words"), .text("field", "Changed field"),
      .long("old_value", "Old value"), .long("new_value", "New value"), .text("reference", "Reference"),
      .text("ip", "IP address", standard: .ip).imported, .long("comment", "Comment"),
    ]
}

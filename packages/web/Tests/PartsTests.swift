// The parts that every page is made of.

import EthicoTypes
import Foundation
import Markup
import Testing

@testable import Web

@Suite("A diff")
struct DiffTests {
  private let before = "The manager asked us to sign the sheet before the shift began on Monday morning."
  private let after = "The manager told us to sign the blank sheet before the shift began on Monday."

  @Test("marks the words of a long text that went and came")
  func words() {
    let html = diff([FieldChange(label: "Report", before: before, after: after)]).markup
    #expect(html.contains("The manager <del>asked </del><ins>told </ins>us to sign the <ins>blank </ins>sheet"))
    #expect(html.contains("<del>Monday morning.</del><ins>Monday.</ins>"))
  }

  @Test("loses no word on either side")
  func bothSidesAreWhole() {
    let pieces = wordDiff(before, after)
    #expect(pieces.filter { $0.kind != .added }.map(\.text).joined() == before)
    #expect(pieces.filter { $0.kind != .removed }.map(\.text).joined() == after)
  }

  @Test("compares texts of any length, word by word up to a limit")
  func limit() {
    let old = (0..<20_000).map { "a\($0)" }.joined(separator: " ")
    let new = (0..<20_000).map { "b\($0)" }.joined(separator: " ")
    #expect(wordDiff("x " + old + " y", "x " + new + " y").map(\.kind) == [.kept, .removed, .added, .kept])
  }

  @Test("shows a change of space alone as a change")
  func spaceAlone() {
    let spaced = before.replacing(" ", with: "  ")
    let html = diff([FieldChange(label: "Report", before: before, after: spaced)]).markup
    #expect(html.contains("<del dir=\"auto\">\(before)</del>"))
  }

  @Test("shows nothing as a dash and an empty text as empty")
  func nothingAndEmpty() {
    let lead = FieldChange(label: "lead", before: nil, after: "J. Doe")
    let html = diff([lead, FieldChange(label: "a", before: "", after: "b")]).markup
    #expect(html.contains("<span class=\"muted\">–</span>"))
    #expect(html.contains("<span class=\"muted\">(empty)</span>"))
    #expect(html.contains("<ins dir=\"auto\">J. Doe</ins>"))
  }

  @Test("folds what did not change")
  func unchanged() {
    let changed = FieldChange(label: "a", before: "1", after: "2")
    let html = diff([changed, FieldChange(label: "b", before: "3", after: "3")]).markup
    let folded =
      "<summary>1 unchanged field</summary><dl class=\"diff-fields\"><div class=\"diff-field\"><dt dir=\"auto\">b</dt>"
    #expect(html.contains(folded))
    #expect(!html.contains("<del dir=\"auto\">3"))
  }
}

@Suite("A form")
struct FormTests {
  private let secrets = FormSecrets(csrf: "c\"1", key: "k1")
  private let state = FormState(
    FormFields([("title", " <Ü> "), ("note", "a\nb"), ("stage", "gone"), ("roles[]", "b"), ("agreed", "true")]),
    errors: ["title", "note", "stage", "lead", "roles", "agreed"].map { FieldError($0, "Say the \($0).") })

  private let options: [Choice] = [("a", "A"), ("b", "B")]

  private var fields: [HTML] {
    [
      textField("title", label: "Title", help: "As the client says it", state: state, maxLength: 80),
      textArea("note", label: "Note", help: "For us", state: state, need: .optional),
      selectField("stage", label: "Stage", help: "Now", state: state, options: options),
      radioGroup("lead", label: "Lead", help: "One", state: state, options: options),
      checkboxGroup("roles", label: "Roles", help: "Any", state: state, options: options),
      checkbox("agreed", label: "Agreed", help: "By phone", state: state),
    ]
  }

  @Test("carries its secrets, its version and what warns before leaving")
  func hidden() {
    let html = postForm("/t", secrets, version: 3) { submitButton("Save the title") }.markup
    #expect(html.hasPrefix("<form class=\"form\" method=\"post\" action=\"/t\" novalidate data-guard=\"\">"))
    #expect(html.contains("name=\"_csrf\" value=\"c&quot;1\""))
    #expect(html.contains("name=\"_key\" value=\"k1\""))
    #expect(html.contains("name=\"version\" value=\"3\""))
    #expect(!html.contains("error-summary"))
  }

  @Test("leads from each error to its field")
  func summaryLinks() {
    let html = postForm("/t", secrets, state: state) { fields }.markup
    #expect(html.contains("role=\"alert\" tabindex=\"-1\" autofocus>"))
    #expect(html.contains("<h2>Nothing was saved yet: 6 things to change</h2>"))
    for error in state.errors {
      #expect(html.contains("<a href=\"#f-\(error.field)\">\(error.message)</a>"))
      #expect(html.components(separatedBy: " id=\"f-\(error.field)\"").count == 2)
    }
  }

  @Test("shows an error of no field without a link")
  func errorWithoutField() {
    #expect(errorSummary([FieldError("", "Too late.")]).markup.contains("<li dir=\"auto\">Too late.</li>"))
  }

  @Test("labels every control and says what helps and what is wrong")
  func labels() {
    for (field, name) in zip(fields, ["title", "note", "stage", "lead", "roles", "agreed"]) {
      let html = field.markup
      #expect(html.contains("<label for=\"f-\(name)\">"))
      #expect(html.contains(" aria-describedby=\"f-\(name)-help f-\(name)-error\" aria-invalid=\"true\""))
      #expect(html.contains("<p class=\"help\" id=\"f-\(name)-help\" dir=\"auto\">"))
      #expect(html.contains("<p class=\"field-error\" id=\"f-\(name)-error\" dir=\"auto\">Say the \(name).</p>"))
      #expect(html.contains("<div class=\"field\" data-invalid=\"\">"))
    }
  }

  @Test("describes nothing where there is neither help nor error")
  func undescribed() {
    let html = textField("title", label: "Title", state: FormState()).markup
    #expect(!html.contains("aria-"))
    #expect(!html.contains("data-invalid"))
  }

  @Test("keeps what was typed")
  func typed() {
    let html = HTML { fields }.markup
    #expect(html.contains("value=\" &lt;Ü&gt; \""))
    #expect(html.contains(">\na\nb</textarea>"))
    #expect(html.contains("<option value=\"gone\" selected dir=\"auto\">gone</option>"))
    #expect(html.contains("name=\"roles[]\" value=\"b\" checked"))
    #expect(html.contains("name=\"agreed\" value=\"true\" checked"))
  }

  @Test("shows what is to be chosen in its own direction")
  func choicesDirection() {
    let options: [Choice] = [("1", "قسم")]
    let groups = [
      radioGroup("unit", label: "Unit", state: FormState(), options: options),
      checkboxGroup("unit", label: "Unit", state: FormState(), options: options),
    ]
    for group in groups { #expect(group.markup.contains("<span dir=\"auto\">قسم</span>")) }
    let unit = Filter.one("unit", label: "Unit", any: "Any unit", options: options, chosen: nil)
    let html = filterBar(action: "/t", [unit], count: "1").markup
    #expect(html.contains("<option value=\"1\" dir=\"auto\">قسم</option>"))
  }

  @Test("says which fields may stay empty")
  func need() {
    let html = fields[1].markup
    #expect(html.contains("Note<span class=\"optional\"> (optional)</span></label>"))
    #expect(!html.contains(" required"))
    #expect(fields[0].markup.contains(" required"))
  }

  @Test("of one button names what it does")
  func oneButton() {
    let html = postButton("Undo", to: "/u", secrets, fields: [("id", "7")], style: [.small, .danger]).markup
    #expect(html.contains("<input type=\"hidden\" name=\"id\" value=\"7\">"))
    #expect(html.contains("<button class=\"button danger small\" type=\"submit\">Undo</button>"))
  }
}

@Suite("Lists")
struct ListTests {
  private let columns = [
    Column<String>("Client", kind: .link) { name in a(.href(Path("/t").appending(name))) { clientText(name) } },
    Column<String>("Length", kind: .number) { "\($0.count)" },
  ]

  @Test("a table names its columns in each cell and its rows at each checkbox")
  func tableCells() {
    let selection = Selection<String>(form: "bulk", value: { $0 }, name: { $0 })
    let html = dataTable("Clients", ["A/B"], columns: columns, selection: selection).markup
    #expect(html.contains("<caption class=\"visually-hidden\">Clients</caption>"))
    #expect(html.contains("name=\"items[]\" value=\"A/B\" form=\"bulk\" aria-label=\"Select A/B\""))
    #expect(html.contains("data-label=\"Client\"><a href=\"/t/A%2FB\"><span dir=\"auto\">A/B</span></a>"))
    #expect(html.contains("<td class=\"number\" data-label=\"Length\">3</td>"))
  }

  @Test("a row that an act is not for has no checkbox")
  func unselectable() {
    let selection = Selection<String>(form: "bulk", value: { $0 == "A" ? nil : $0 }, name: { $0 })
    let html = dataTable("Clients", ["A", "B"], columns: columns, selection: selection).markup
    #expect(html.contains("aria-label=\"Select B\"") && !html.contains("Select A"))
    #expect(html.contains("<td class=\"select\"></td>"))
  }

  @Test("a table without rows keeps its head")
  func emptyTable() {
    #expect(dataTable("Clients", [], columns: columns).markup.contains("<tbody></tbody>"))
  }

  @Test("pages end where there is nowhere to go")
  func pages() {
    #expect(pagination(shown: 3, first: nil, next: nil).isEmpty)
    #expect(pagination(shown: 50, first: nil, next: "/t").markup.contains("href=\"/t\" rel=\"next\">Next page"))
  }

  @Test("a filter bar keeps what was chosen before and offers the rest")
  func filters() {
    let status = Filter.several("status", label: "Status", options: choices(TenantStatus.self), chosen: ["live"])
    let html = filterBar(
      action: "/t", [.words("q", label: "Words", value: "\"x"), status],
      chips: [FilterChip("Live", removed: "/t")], clear: "/t", count: "220"
    ).markup
    #expect(html.contains("value=\"&quot;x\""))
    #expect(html.contains("<input type=\"hidden\" name=\"status\" value=\"live\">"))
    #expect(!html.contains("<option value=\"live\""))
    #expect(html.contains("<option value=\"trial\" dir=\"auto\">Trial</option>"))
    #expect(html.contains("<span class=\"count\">220</span>"))
  }

  @Test("what is empty says why")
  func emptyStates() {
    #expect(nothingMatches("<x>", clear: "/t").markup.contains("Nothing matches “&lt;x&gt;”"))
    let near = nothingMatches("helth", clear: nil, near: .text("Acme Health")).markup
    #expect(near.contains("Nothing matches “helth”</h2><p>Close to it:</p>Acme Health") && !near.contains("Clear"))
    #expect(nothingYet("No notes yet", "They stand here.").markup.contains("data-kind=\"nothing-yet\""))
    #expect(notYours(.auditRead).markup.contains("You cannot read the audit trail"))
  }

  @Test("a form of filters opens the rare ones where they are used, and says what is wrong at its field")
  func filterForms() {
    func form(_ state: FilterFields.RareState, _ errors: [FieldError]) -> String {
      let field = textField(
        "ip", label: "Address", state: FormState(FormFields([("ip", "here")]), errors: errors), need: .filter)
      return filterForm(
        action: "/audit/events", FilterFields(first: .nothing, rare: field, rareState: state), errors: errors,
        kept: [("only", "views")], chips: [FilterChip("Address: here", removed: "/audit/events")],
        clear: "/audit/events", count: errors.isEmpty ? "3 steps" : nil
      ).markup
    }
    let quiet = form(.folded, [])
    #expect(quiet.contains("<form class=\"filter-form\" method=\"get\" action=\"/audit/events\" role=\"search\""))
    #expect(quiet.contains("<details class=\"filter-rare\"><summary>") && quiet.contains("3 steps"))
    #expect(quiet.contains("<label for=\"f-ip\">Address</label>") && !quiet.contains("required"))
    let wrong = form(.open, [FieldError("ip", "Write an address.")])
    #expect(wrong.contains("<details class=\"filter-rare\" open><summary>") && wrong.contains("href=\"#f-ip\""))
    #expect(wrong.contains("value=\"here\"") && wrong.contains("aria-invalid=\"true\""))
  }

  @Test("a timeline begins a day where the viewer's day begins")
  func days() throws {
    let face = ClockFace(now: Date(), timezone: "Europe/Berlin")
    let moments = ["2026-03-01T22:59:00Z", "2026-03-01T23:00:00Z", "2026-03-02T22:00:00Z"]
    let change = FieldChange(label: "lead", before: nil, after: "J. Doe")
    let steps = try moments.map { moment in
      TimelineStep(at: try date(moment), kind: .change, text: "did", note: "sealed", changes: [change])
    }
    let html = timeline(steps, face).markup
    #expect(html.components(separatedBy: "<h2 class=\"day\">").count == 3)
    #expect(html.contains("<h2 class=\"day\">Sunday, 1 March 2026</h2><ol><li class=\"step\" data-kind=\"change\">"))
    #expect(html.contains("<details class=\"diff\"><summary>lead</summary>"))
  }

  @Test("a step shows a few effects, folds many behind their number, and says how many are not shown")
  func effects() {
    let face = ClockFace(now: Date(), timezone: "UTC")
    func step(_ shown: Int, of count: Int) -> String {
      let effects = StepEffects((0..<shown).map { HTML.text("line \($0)") }, of: count)
      let facts: [(name: String, value: HTML)] = [("Route", "case.edit")]
      return timelineStep(
        TimelineStep(at: Date(), kind: .change, text: "did", effects: effects, facts: facts), face
      ).markup
    }
    #expect(step(2, of: 2).contains("<ul class=\"step-effects\"><li>line 0</li><li>line 1</li></ul>"))
    #expect(step(50, of: 1_000).contains("<summary>1,000 effects</summary>"))
    #expect(step(50, of: 1_000).contains("<li>line 49</li><li>and 950 more</li>"))
    #expect(!step(0, of: 0).contains("step-effects"))
    #expect(step(0, of: 0).contains("<details class=\"step-facts\"><summary>Details</summary>"))
  }

  @Test("a page head shows only what there is")
  func heads() {
    #expect(pageHead("Acme").markup == "<header class=\"page-head\"><h1 dir=\"auto\">Acme</h1></header>")
    #expect(pageHead("Acme", facts: ["live"]).markup.contains("<p class=\"facts\"><span>live</span> </p>"))
    #expect(properties([("Owner", clientText(nil))]).markup.contains("<dd><span class=\"muted\">–</span></dd>"))
    #expect(badge("Live", .good).markup.hasSuffix(" aria-hidden=\"true\">●</span> Live</span>"))
  }

  @Test("a picture draws bars from zero, as long as their numbers, and has the numbers in a table")
  func pictures() {
    let picture = barPicture("Open", description: "3 of 4", [Bar("Late", 4, .bad), Bar("Due", 1, .info)]).markup
    #expect(picture.contains("role=\"img\" aria-label=\"Open: 3 of 4\""))
    #expect(picture.contains("x=\"30%\" y=\"6\" width=\"52.0%\""))
    #expect(picture.contains("x=\"30%\" y=\"34\" width=\"13.0%\""))
    #expect(picture.contains("<td class=\"number\" data-label=\"How many\">4</td>"))
    #expect(barPicture("None", description: "", [Bar("Late", 0, .bad)]).markup.contains("width=\"0.0%\""))
  }
}

@Suite("What a stream says")
struct EventTextTests {
  @Test(
    "keeps each line of what it carries in a field, however the lines end",
    arguments: [
      ("one", "data: one\n"), ("one\ntwo", "data: one\ndata: two\n"), ("a\r\nb\rc", "data: a\ndata: b\ndata: c\n"),
      ("x\n\nevent: ended\ndata: y", "data: x\ndata: \ndata: event: ended\ndata: data: y\n"), ("", "data: \n"),
    ])
  func lines(carried: String, fields: String) {
    #expect(EventText.event("values", carried) == "event: values\n\(fields)\n")
  }

  @Test(
    "of long work: how far, how fast, how long still",
    arguments: [
      (0, 100, 5.0, "0 of 100"), (50, 100, 0.5, "50 of 100"), (50, 100, 5.0, "50 of 100 · 10/s · 5 s left"),
      (1_240, 2_400, 4.0, "1,240 of 2,400 · 310/s · 4 s left"),
      (10, 10_000, 20.0, "10 of 10,000 · 30/min · 5 h 33 min left"),
      (100, 100, 5.0, "100 of 100 · 20/s"),
    ])
  func progress(done: Int, total: Int, seconds: Double, words: String) {
    #expect(WorkProgress(done, of: total, seconds: seconds).words == words)
    let portion = words.components(separatedBy: " · ")[0]
    #expect(WorkProgress(done, of: total, seconds: nil).words == portion)
  }
}

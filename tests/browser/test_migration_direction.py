"""Words of a client's that run from right to left stand in their own direction, wherever a page of a migration names them."""

import io
import time
import zipfile

import pytest

from conftest import IMPLEMENTATION
from look import assert_accessible, seen
from wire import Visitor

# A file, a table in it, its columns and its cells.
FILE, TABLE, OTHER = "حالات.zip", "قضايا.csv", "قديم.csv"
COLUMNS = {
    "رقم القضية": "case_number", "الحالة": "status", "المبلغ": "reporter_type", "القناة": "channel",
    "تاريخ البلاغ": "received_at", "الفئة": "category", "الخطورة": "severity", "العنوان": "title", "الوصف": "summary",
    "المنطقة": "=keep",
}
ROWS = [
    ["ق-1", "جديد", "anonymous", "phone", "2021-03-04", "تحرش", "عالية", "ملاحظات", "في الوردية الليلية", "الشمال"],
    ["ق-2", "مغلق", "anonymous", "phone", "2021-03-05", "سرقة", "منخفضة", "مخزون", "نقص في المنصات", "الجنوب"],
    ["ق-3", "جديد", "anonymous", "phone", "31/02/2021", "سرقة", "عالية", "مخزون", "تاريخ لم يكن", "الشرق"],
]
WORDS = {"جديد": "new/new", "مغلق": "closed/closed", "عالية": "high", "منخفضة": "low", "تحرش": "=new", "سرقة": "=new"}

STRAY = """() => {
  const runsLeft = /[\\u0590-\\u08ff]/, found = [];
  const stands = (element) => {
    const holder = element.closest("[dir]");
    return holder !== null && holder !== document.documentElement && holder !== document.body;
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (runsLeft.test(texts.currentNode.data) && !stands(element)) found.push(element.outerHTML.slice(0, 200));
  }
  for (const field of document.querySelectorAll("input:not([type=hidden]), textarea"))
    if (runsLeft.test(field.value) && !field.dir) found.push(field.outerHTML.slice(0, 200));
  return found;
}"""


def archive() -> bytes:
    lines = "".join(",".join(row) + "\n" for row in [list(COLUMNS), *ROWS])
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr(TABLE, lines)
        file.writestr(OTHER, lines.replace("ق-", "م-"))
    return packed.getvalue()


class Clerk:
    """Does what stands on the pages of one client's move, without looking at them."""

    def __init__(self, origin: str, slug: str):
        self.visitor = Visitor(origin).sign_in(IMPLEMENTATION)
        self.slug = slug
        self.home = f"/t/{slug}/migration"

    def send(self, page: str, act: str, fields: dict[str, str] | None = None) -> str:
        answer = self.visitor.send(self.visitor.form(page, act), fields)
        assert answer.status == 303, f"{page}: {answer.status} {answer.text[:2000]}"
        return answer.location

    def upload(self, name: str, content: bytes) -> None:
        token = self.visitor.form(self.home, "/files").fields["_csrf"]
        head = "Content-Disposition: form-data; name="
        body = (
            f'--b\r\n{head}"_csrf"\r\n\r\n{token}\r\n--b\r\n{head}"file"; filename="{name}"\r\n\r\n'.encode()
            + content + b"\r\n--b--\r\n")
        answer = self.visitor.ask(
            "POST", f"{self.home}/files", body, headers={"Content-Type": "multipart/form-data; boundary=b"})
        assert answer.status == 303, answer.text[:2000]

    def until(self, path: str, holds):
        """The value of a page, once it holds what was waited for."""
        for _ in range(240):
            value = self.visitor.json(path)
            if holds(value):
                return value
            time.sleep(0.25)
        raise AssertionError(f"{path}: {value}")

    def stand(self, batch: str, state: str) -> None:
        self.until(batch, lambda found: found["batch"]["state"] == state)

    def settle(self, batch: str) -> None:
        """Every column becomes what it is, every word what it means, and the rows are checked."""
        columns = self.visitor.json(f"{batch}/map")["columns"]
        fields = {}
        for column in columns:
            fields |= {f"c{column['index']}.target": COLUMNS[column["name"]], f"c{column['index']}.ok": "true"}
        self.send(f"{batch}/map", "/map", fields | {"then": "check"})
        self.stand(batch, "validated")
        values = self.visitor.json(f"{batch}/values")["values"]
        self.send(
            f"{batch}/values", "/values",
            {f"v{number}": WORDS[value["value"]] for number, value in enumerate(values) if value["value"] in WORDS})
        self.send(batch, "/stage")
        self.stand(batch, "validated")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_words_from_right_to_left(origin, page_of, fresh_client, scheme, width):
    clerk = Clerk(origin, fresh_client)
    page = page_of(IMPLEMENTATION, scheme=scheme, width=width)

    def look(*paths: str) -> None:
        for path in paths:
            page.goto(path)
            for fold in page.locator("details").all():
                fold.evaluate("fold => { fold.open = true; }")
            assert page.evaluate(STRAY) == [], path
            assert_accessible(page)
            assert seen(page)["sideways"] <= 0, path

    clerk.send(clerk.home, "/scope", {"choice[]": "case", "decided_by": "سلمى"})
    clerk.upload(FILE, archive())
    batches = clerk.until(clerk.home, lambda found: found["batches"])["batches"]
    batch = f"{clerk.home}/batches/{batches[-1]['id']}"
    clerk.send(f"{batch}/map", "/entity", {"entity": "case"})
    look(clerk.home, batch, f"{batch}/map")
    # What is wrong with a column says so in its words too.
    columns = clerk.visitor.json(f"{batch}/map")["columns"]
    page.goto(f"{batch}/map")
    page.locator("summary", has_text="Only a part of each cell").first.click()
    page.get_by_label(f"Separator of the parts in {columns[0]['name']}", exact=True).fill("؛")
    page.get_by_label(f"Part that is meant in {columns[0]['name']}, from 1", exact=True).fill("0")
    page.get_by_role("button", name="Save mapping").click()
    assert page.get_by_role("alert").count() == 1 and page.evaluate(STRAY) == []
    clerk.settle(batch)
    look(batch, f"{batch}/map", f"{batch}/values", f"{batch}/rows/2", f"{batch}/rows/4")
    issues = clerk.visitor.json(batch)["issues"]
    position = list(COLUMNS).index(issues[0]["column"])
    look(f"{batch}/issues/{issues[0]['code']}?column={position}")
    form = clerk.visitor.form(batch, "/commit")
    assert clerk.visitor.send(form, {"slug": clerk.slug}).status == 303
    clerk.stand(batch, "committed")
    clerk.send(f"{clerk.home}/reconciliation", "/reconciliation")
    look(clerk.home, batch, f"{batch}/records", f"{batch}/undo", f"{clerk.home}/reconciliation")

"""`ops-console mapping`: the contract of its answers, without settings and without a database."""

import hashlib
import io
import json
import resource
import subprocess
import threading
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from conftest import BINARY

ENTITIES = ["person", "policy", "attestation", "case", "disclosure", "attachment", "audit_event"]
REASONS = set(
    "exact synonym token_overlap abbreviation vendor_profile tenant_memory vendor_votes value_type enum_values unique_ids "
    "neighbour taken_by veto llm no_evidence".split())
PLURALS = {
    "people": "person", "users": "person", "employees": "person", "policies": "policy", "attestations": "attestation",
    "cases": "case", "investigations": "case", "disclosures": "disclosure", "attachments": "attachment",
    "audit": "audit_event", "audit_trail": "audit_event", "audit_events": "audit_event",
}
MEMORY_BYTES = 300 << 20


def run(*arguments: str, bounded: bool = False) -> subprocess.CompletedProcess[str]:
    """The command with an empty environment: what it needs is in its arguments."""
    return subprocess.run(
        [BINARY, "mapping", *arguments], env={}, capture_output=True, text=True, timeout=120,
        preexec_fn=limit_memory if bounded else None)


def limit_memory() -> None:
    # Of the heap: libraries that are mapped and never touched are not what is meant.
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))


def suggest(path: Path, *options: str, entity: str = "auto") -> dict:
    done = run("suggest", str(path), "--entity", entity, "--json", *options)
    assert done.returncode == 0, done.stdout + done.stderr
    answer = json.loads(done.stdout)
    assert_contract(answer)
    return answer


def assert_contract(answer: dict) -> None:
    assert list(answer) == ["format", "file", "entity", "vendor", "model", "columns"]
    assert answer["format"] == 1
    file = answer["file"]
    assert list(file) == [
        "name", "kind", "sha256", "size_bytes", "encoding", "delimiter", "sheet", "header_row", "columns",
        "rows_profiled"]
    assert file["kind"] in ["csv", "tsv", "xlsx", "json", "ndjson", "zip"]
    assert file["columns"] == len(answer["columns"])
    entity = answer["entity"]
    assert entity["value"] in ENTITIES and is_score(entity["score"])
    assert entity["ranked"] == sorted(entity["ranked"], key=lambda each: (-each["score"], each["entity"]))
    assert set(answer["vendor"]) == {"value", "score"}
    assert set(answer["model"]) == {"version", "sha256", "thresholds"}
    thresholds = answer["model"]["thresholds"]
    assert [column["index"] for column in answer["columns"].values()] == list(range(file["columns"]))
    for name, column in answer["columns"].items():
        assert list(column) == ["index", "target", "band", "score", "ranked", "reasons"], name
        assert (column["target"] is None) == (column["band"] == "unmapped"), name
        assert is_score(column["score"]), name
        assert len(column["ranked"]) <= 5 and all(each["score"] >= 0.01 for each in column["ranked"]), name
        assert column["ranked"] == sorted(column["ranked"], key=lambda each: (-each["score"], each["target"])), name
        assert 1 <= len(column["reasons"]) <= 4, name
        codes = {reason["code"] for reason in column["reasons"]}
        assert codes <= REASONS, name
        if column["band"] == "high":
            assert column["score"] >= thresholds["high"], name
        if column["target"] and column["ranked"] and column["target"] != column["ranked"][0]["target"]:
            assert "taken_by" in codes, name


def is_score(value: float) -> bool:
    return 0 <= value <= 1 and round(value, 4) == value


def workbook(sheets: dict[str, list[list[str]]]) -> bytes:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    types = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", relations([("r", f"{types}/officeDocument", "xl/workbook.xml")]))
        names = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="r{n}"/>' for n, name in enumerate(sheets, 1))
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{main}" xmlns:r="{types}"><sheets>{names}</sheets></workbook>')
        parts = [(f"r{n}", f"{types}/worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
        archive.writestr("xl/_rels/workbook.xml.rels", relations(parts))
        for number, rows in enumerate(sheets.values(), 1):
            body = "".join(
                f'<row r="{n}">' + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in row) + "</row>"
                for n, row in enumerate(rows, 1))
            archive.writestr(f"xl/worksheets/sheet{number}.xml", f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>')
    return out.getvalue()


def relations(parts: list[tuple[str, str, str]]) -> str:
    each = "".join(f'<Relationship Id="{id}" Type="{type}" Target="{target}"/>' for id, type, target in parts)
    return f"<Relationships>{each}</Relationships>"


CASES = "Case #;Status;Received\u00a0 At;;Status;Narrative;\n" + "".join(
    f"EP-{n:07};Closed;2021-03-{n:02};x{n};Open;Der Anrufer möchte anonym bleiben;\n" for n in range(1, 29))


@pytest.fixture
def cases(tmp_path):
    path = tmp_path / "cases.csv"
    path.write_bytes(("Export of cases\n\n" + CASES + "Total;28;;;;;\n").encode("cp1252"))
    return path


def test_an_answer_says_how_the_file_was_read(cases):
    answer = suggest(cases, entity="cases")
    assert answer["file"] == {
        "name": "cases.csv", "kind": "csv", "sha256": hashlib.sha256(cases.read_bytes()).hexdigest(),
        "size_bytes": cases.stat().st_size, "encoding": "windows-1252", "delimiter": ";", "sheet": None, "header_row": 3,
        "columns": 6, "rows_profiled": 28}
    assert list(answer["columns"]) == ["Case #", "Status", "Received At", "(column 4)", "Status (2)", "Narrative"]
    assert answer["columns"]["Case #"]["target"] == "case_number"


def test_the_same_bytes_give_the_same_bytes(cases):
    first, second = (run("suggest", str(cases), "--entity", "auto", "--json").stdout for _ in range(2))
    assert first == second and first.endswith("}\n")


@pytest.mark.parametrize("word", [*ENTITIES, *PLURALS])
def test_entities_go_by_their_usual_names(cases, word):
    assert suggest(cases, entity=word)["entity"]["value"] == PLURALS.get(word, word)


def test_every_kind_is_known_by_its_bytes(tmp_path):
    rows = [["Case #", "Status"], ["EP-1", "open"], ["EP-2", "closed"]]
    objects = [dict(zip(rows[0], row)) for row in rows[1:]]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.writestr("cases.csv", "Case #,Status\nEP-1,open\nEP-2,closed\n")
    kinds = {
        "tsv": b"Case #\tStatus\nEP-1\topen\nEP-2\tclosed\n", "xlsx": workbook({"Cases": rows}),
        "json": json.dumps({"meta": {}, "cases": objects}).encode(),
        "ndjson": "\n".join(map(json.dumps, objects)).encode(), "zip": archive.getvalue(),
    }
    sheets = {"tsv": None, "xlsx": "Cases", "json": "/cases", "ndjson": None, "zip": "cases.csv"}
    for kind, content in kinds.items():
        path = tmp_path / "export.dat"
        path.write_bytes(content)
        file = suggest(path, entity="case")["file"]
        assert (file["kind"], file["sheet"], file["rows_profiled"]) == (kind, sheets[kind], 2), kind


def test_of_several_sheets_the_one_that_fits_is_read(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook({
        "Read me": [["Contents", "Page"], ["About", "1"]],
        "Cases": [["Case Number", "Case Status", "Date Received", "Narrative", "Reporter Type"]]
        + [[f"EP-{n}", "Closed", f"2021-03-{n:02}", "He said no", "Anonymous"] for n in range(1, 9)],
        "Lists": [["Colour", "Size"], ["red", "L"]],
    }))
    assert suggest(path)["file"]["sheet"] == "Cases"
    assert suggest(path, "--sheet", "Lists")["file"]["sheet"] == "Lists"


def test_a_person_can_correct_what_was_found(tmp_path):
    path = tmp_path / "odd.csv"
    path.write_bytes("junk|junk\nИмя|E-mail\nИван|a@b.example\n".encode("koi8-r"))
    answer = suggest(path, "--encoding", "koi8-r", "--delimiter", "|", "--header-row", "2", entity="person")
    assert list(answer["columns"]) == ["Имя", "E-mail"]
    assert answer["file"]["encoding"] == "KOI8-R" and answer["file"]["header_row"] == 2


def test_a_header_alone_is_read(tmp_path):
    path = tmp_path / "empty.csv"
    path.write_text("Case #,Status\n")
    assert suggest(path, entity="case")["file"]["rows_profiled"] == 0


@pytest.mark.parametrize("code, content", [
    ("file.empty", b""),
    ("file.html", b"<!DOCTYPE html><html>"),
    ("file.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    ("file.encrypted", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")),
    ("file.unsupported", b"%PDF-1.7"),
    ("limit.columns", b"a," * 2000),
    ("zip.damaged", b"PK\x03\x04" + bytes(100)),
    ("json.invalid", b'[{"a":1}'),
    ("json.too_deep", b"[" * 100_000),
    ("json.not_a_table", b"[1,2,3]"),
])
def test_what_cannot_be_read_has_a_code(tmp_path, code, content):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    done = run("suggest", str(path), "--entity", "auto", "--json", bounded=True)
    assert done.returncode == 2, done.stderr
    answer = json.loads(done.stdout)
    assert list(answer) == ["format", "error"] and answer["format"] == 1
    assert answer["error"]["code"] == code
    assert answer["error"]["message"].endswith(".")


def test_a_bomb_is_refused_and_not_unpacked(tmp_path):
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"a,b\n" * (16 << 20))
    done = run("suggest", str(path), "--entity", "auto", "--json", bounded=True)
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (2, "zip.ratio")


@pytest.mark.parametrize("arguments", [
    ["FILE"], ["FILE", "--entity", "spaceship"], ["FILE", "--entity", "case", "--sheet", "None"],
    ["FILE", "--entity", "case", "--header-row", "999"], ["FILE", "--entity", "case", "--encoding", "klingon"],
    ["FILE", "--entity", "case", "--delimiter", "ab"], ["FILE", "--entity", "case", "--vendor", "nobody"],
    ["--entity", "case"],
])
def test_what_was_asked_wrongly_is_a_mistake_of_usage(cases, arguments):
    done = run("suggest", *[str(cases) if each == "FILE" else each for each in arguments])
    assert done.returncode == 64 and done.stdout == ""
    if "case" not in arguments:
        assert all(entity in done.stderr for entity in ENTITIES)


def test_a_person_reads_a_table(cases):
    done = run("suggest", str(cases), "--entity", "case")
    assert done.returncode == 0
    assert "cases.csv · csv · windows-1252 · ;" in done.stdout
    assert "case_number" in done.stdout and "{" not in done.stdout


def test_the_schema_lists_every_field(cases):
    schema = json.loads(run("schema", "--json").stdout)
    assert [entity["entity"] for entity in schema["entities"]] == ENTITIES
    fields = {field["name"]: field for field in schema["entities"][3]["fields"]}
    assert fields["case_number"]["required"] and fields["case_number"]["limit"] == 64
    assert fields["channel"]["values"] == ["phone", "web_form", "chatbot", "email", "proxy", "direct_entry"]
    assert fields["notes[n].body"]["numbered"] and fields["assignee.email"]["reference"] == "person.email"
    assert "case_number" in run("schema").stdout


@contextmanager
def language_model(status: int, content: str):
    """A server of language models on loopback: its address, and what it was asked."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append((self.path, self.headers.get("Authorization"), self.rfile.read(int(self.headers["Content-Length"]))))
            said = json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(said)))
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1/chat/completions", asked
    finally:
        server.shutdown()
        thread.join()


UNKNOWN = "case_number;Blorp;Qx\nCANARY-1;CANARYTOWN;KANAR\nCANARY-2;Canaryville;VOGEL\n"
PLACED = json.dumps({"columns": [{"index": 1, "field": "location", "confidence": 0.97}]})


def asking(path: Path, url: str, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BINARY, "mapping", "suggest", str(path), "--entity", "case", "--json", *options],
        env={"OPS_MAPPING_LLM_URL": url, "OPS_MAPPING_LLM_KEY": "s3cret"}, capture_output=True, text=True, timeout=60)


def test_a_language_model_is_asked_where_somebody_wants_it(tmp_path):
    """It hears no value, and what it says is at most something to look at."""
    path = tmp_path / "cases.csv"
    path.write_text(UNKNOWN)
    with language_model(200, PLACED) as (url, asked):
        without = asking(path, url)
        assert without.returncode == 0 and not asked
        done = asking(path, url, "--llm")
    assert done.returncode == 0 and done.stderr == "", done.stderr
    answer, own = json.loads(done.stdout), json.loads(without.stdout)
    assert_contract(answer)
    blorp = answer["columns"].pop("Blorp")
    assert (blorp["target"], blorp["band"], blorp["score"]) == ("location", "low", 0.6)
    assert [reason["code"] for reason in blorp["reasons"]] == ["llm"]
    assert own["columns"].pop("Blorp")["band"] == "unmapped" and answer == own
    [(where, key, body)] = asked
    assert (where, key) == ("/v1/chat/completions", "Bearer s3cret")
    assert b"Blorp" in body
    for value in (b"CANARY", b"Canary", b"KANAR", b"VOGEL", b"cases.csv"):
        assert value not in body


@pytest.mark.parametrize(("status", "content"), [(500, PLACED), (302, PLACED), (200, "Blorp is a location."), (200, "x" * (1 << 20))])
def test_a_language_model_that_gives_no_answer_changes_nothing(tmp_path, status, content):
    path = tmp_path / "cases.csv"
    path.write_text(UNKNOWN)
    with language_model(status, content) as (url, asked):
        done = asking(path, url, "--llm")
    assert len(asked) == 1
    assert done.returncode == 0 and "what the engine says stands" in done.stderr
    assert json.loads(done.stdout) == suggest(path, entity="case")


@pytest.mark.parametrize("url", ["", "http://models.example.com/v1", "ftp://127.0.0.1/"])
def test_a_language_model_has_an_address(tmp_path, url):
    path = tmp_path / "cases.csv"
    path.write_text(UNKNOWN)
    done = asking(path, url, "--llm")
    assert done.returncode == 64 and "OPS_MAPPING_LLM_URL" in done.stderr

"""Search in one client, in each language that the index knows: by its forms, past its little words, and by no other's."""

import time
import urllib.parse
from dataclasses import dataclass

import pytest

from conftest import SUPPORT
from wire import Answer, Visitor

PATIENCE_SECONDS = 30


@dataclass
class Sample:
    """What a policy says, a form of one of its words that is not in it, and the form that is."""

    language: str
    body: str
    sought: str
    marked: str
    # A word that every text of the language has, this one too: it is in no index. PostgreSQL has no list for Arabic.
    little: str | None


SAMPLES = [
    Sample("en", "The clerks were bribing a quartermaster; nobody dies of it.", "bribed", "bribing", "were"),
    Sample("de", "Sie verschleierten die Rechnungen aber nicht.", "verschleierte", "verschleierten", "nicht"),
    Sample("fr", "Les cadres harcelaient une comptable dans les bureaux.", "harceler", "harcelaient", "dans"),
    Sample("es", "Los gerentes sobornaban a un inspector sobre los pedidos.", "sobornar", "sobornaban", "sobre"),
    Sample("pt-BR", "Os gerentes extraviavam as notas pelos corredores.", "extraviar", "extraviavam", "pelos"),
    Sample("it", "I dirigenti molestavano una collega negli uffici.", "molestare", "molestavano", "negli"),
    Sample("nl", "De medewerkers vervalsten hun rekeningen zonder toestemming.", "vervalste", "vervalsten", "zonder"),
    Sample("ar", "كان الموظفون يزورون الفواتير في المكاتب.", "موظفين", "الموظفون", None),
]


@pytest.fixture(scope="module")
def library(server, fresh_clients):
    """A policy in each language at a client of its own, and a search there by titles and by the page itself."""
    visitor = Visitor(server.origin).sign_in(SUPPORT)
    access = visitor.enter(next(fresh_clients))
    for sample in SAMPLES:
        form = visitor.form(f"{access}/policies/new", "/policies")
        fields = {"title": f"Xq {sample.language}", "type": "other", "language": sample.language, "body": sample.body}
        assert visitor.send(form, fields).status == 303

    def search(words: str, accept: str = "application/json") -> Answer:
        query = urllib.parse.urlencode({"q": words, "kind": "policy"})
        return visitor.get(f"{access}/search?{query}", accept=accept)

    deadline = time.monotonic() + PATIENCE_SECONDS
    while search("Xq").json.get("count") != len(SAMPLES):
        assert time.monotonic() < deadline, search("Xq").json
        time.sleep(0.1)
    yield search
    visitor.exit_all()


def found(search, words: str) -> list[str]:
    titles = [item["title"] for item in search(words).json["items"]]
    return sorted(title.removeprefix("Xq ") for title in titles if title.startswith("Xq "))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.language)
def test_a_language(library, sample):
    assert found(library, sample.sought) == [sample.language]
    page = library(sample.sought, "text/html").text
    assert f"<mark>{sample.marked}</mark>" in page and page.count("<mark>") == 1
    if sample.little:
        # It finds no text, neither this one nor another's, and beside another word it is not asked for.
        assert found(library, sample.little) == []
        assert found(library, f"{sample.little} {sample.sought}") == [sample.language]
    # A form that is excluded excludes by the same stem.
    assert found(library, f"xq -{sample.sought}") == sorted(
        other.language for other in SAMPLES if other is not sample)


def test_a_little_word_of_one_is_a_word_of_another(library):
    """“die” stands in the German text as well, and is nothing there; English has it in “dies”."""
    assert found(library, "die") == ["en"]
    assert "<mark>dies</mark>" in library("die", "text/html").text

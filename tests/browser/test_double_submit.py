"""Sending a form twice does it once; saving over what somebody else saved does nothing and loses nothing."""

import threading
import uuid

from wire import Form, Visitor


def note(visitor: Visitor) -> tuple[Form, str]:
    form = visitor.form(visitor.case, "/notes")
    form.fields["body"] = words = f"Note {uuid.uuid4()}"
    return form, words


def count(visitor: Visitor, words: str) -> int:
    return sum(note["body"] == words for note in visitor.json(visitor.case)["notes"])


def test_twice_is_once(visitor):
    form, words = note(visitor)
    first, second = visitor.send(form), visitor.send(form)
    assert first.status == second.status == 303
    assert first.location == second.location
    assert count(visitor, words) == 1


def test_five_at_once_are_one(visitor):
    form, words = note(visitor)
    answers, together = [], threading.Barrier(5)

    def send():
        together.wait(10)
        answers.append(visitor.send(form))

    threads = [threading.Thread(target=send) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert {(answer.status, answer.location) for answer in answers} == {(303, answers[0].location)}
    assert len(answers) == 5
    assert count(visitor, words) == 1


def test_other_words_under_the_key(visitor):
    form, words = note(visitor)
    assert visitor.send(form).status == 303
    other = visitor.send(form, {"body": "Other words"}, accept="application/json")
    assert other.status == 409 and other.json["code"] == "key_reused"
    page = visitor.send(form, {"body": "Other words"})
    assert page.status == 409 and "access-banner" in page.text
    assert count(visitor, words) == 1 and count(visitor, "Other words") == 0


def test_another_form_under_the_key(visitor):
    form, words = note(visitor)
    assert visitor.send(form).status == 303
    stage = visitor.form(visitor.case, "/stage")
    answer = visitor.send(stage, {"_key": form.fields["_key"], "stage": "review"}, accept="application/json")
    assert answer.status == 409 and answer.json["code"] == "key_reused"


def test_key_reused_is_decided_before_validation(visitor):
    form, _ = note(visitor)
    assert visitor.send(form).status == 303
    answer = visitor.send(form, {"body": ""}, accept="application/json")
    assert answer.status == 409 and answer.json["code"] == "key_reused"


def test_a_refused_form_can_be_sent_again_under_its_key(visitor):
    form, words = note(visitor)
    assert visitor.send(form, {"body": ""}).status == 422
    assert visitor.send(form).status == 303
    assert count(visitor, words) == 1


def test_json_by_header(visitor):
    form, words = note(visitor)
    headers = {"Content-Type": "application/json", "Ops-Csrf": form.fields["_csrf"], "Idempotency-Key": str(uuid.uuid4())}
    body = f'{{"body": "{words}", "visibility": "team"}}'.encode()
    answers = [
        visitor.ask("POST", form.action, body, accept="application/json", headers=headers) for _ in range(2)]
    assert [answer.status for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert count(visitor, words) == 1


def test_stale(visitor):
    mine, theirs = (visitor.form(f"{visitor.case}/edit", "/edit") for _ in range(2))
    assert visitor.send(theirs, {"title": "What somebody else saved"}).status == 303
    answer = visitor.send(mine, {"title": "What I typed", "summary": "My long summary"})
    assert answer.status == 409
    again = answer.form("/edit").fields
    assert (again["title"], again["summary"]) == ("What I typed", "My long summary")
    assert "What somebody else saved" in answer.text
    stored = visitor.json(visitor.case)
    assert stored["title"] == "What somebody else saved"
    # Seen and decided: the form that came back saves.
    assert visitor.send(answer.form("/edit")).status == 303
    assert visitor.json(visitor.case)["title"] == "What I typed"


def test_stale_for_programs(visitor):
    form = visitor.form(f"{visitor.case}/edit", "/edit")
    answer = visitor.send(form, {"version": "0", "title": "x"}, accept="application/json")
    assert answer.status == 409 and answer.json["code"] == "stale"
    assert answer.header("Content-Type").startswith("application/problem+json")


def test_stale_assignment(visitor):
    form = visitor.form(visitor.case, "/assign")
    assert visitor.send(visitor.form(f"{visitor.case}/edit", "/edit"), {"title": "Moved on"}).status == 303
    answer = visitor.send(form, {"lead": str(uuid.uuid4())}, accept="application/json")
    assert answer.status == 409 and answer.json["code"] == "stale"

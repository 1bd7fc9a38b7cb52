"""One question, or a hundred: what became of a number since a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lastcall.core.lookup import readings, sandbox
from lastcall.core.lookup.days import today
from lastcall.core.numbers.sweep import sweep
from lastcall.core.relying import asked as journal
from lastcall.core.relying import consumers
from lastcall.core.relying.asked_number import Asked
from lastcall.core.relying.consumer import Consumer
from lastcall.core.relying.hashing import number_hash
from tests.cast import ANNA_MSISDN, FREE_MSISDN, LI_WEI_MSISDN, Cast
from tests.core.tools import some
from tests.doors.lookup.conftest import Client, MakeConsumer, MakeToken

CHECK = "/lookup/v1/check"
CHECKS = "/lookup/v1/checks"
LI_WEI = f"+{LI_WEI_MSISDN}"
THEN = "2026-02-01"


def told(client: Client, **question: Any) -> dict[str, Any]:
    answer = client.post(CHECK, json={"number": LI_WEI, "date": THEN} | question)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(client: Client, status: int, code: str, path: str = CHECK, **question: Any) -> str:
    given = client.post(path, json=question)
    assert (given.status_code, given.json()["code"]) == (status, code), given.text
    assert given.json()["status"] == status
    message: str = given.json()["message"]
    return message


def test_a_number_that_stayed_with_its_holder(client: Client, cast: Cast) -> None:
    assert told(client) == {
        "answer": "same_holder", "semantics": "rich", "asOf": "2026-03-13T09:00:00Z", "knownSince": "2026-01-12",
    }  # fmt: skip
    assert told(client, semantics="camara")["answer"] == "false"
    assert told(client, semantics="disconnect")["answer"] == "no"


def test_a_closed_number_in_each_reading(client: Client, cast: Cast) -> None:
    cast.closed()
    assert told(client)["answer"] == "pending_release"
    assert told(client, semantics="camara")["answer"] == "true"
    assert told(client, semantics="disconnect")["answer"] == "yes"
    cast.time.advance(timedelta(days=cast.policy.reactivation_window_days))
    sweep(cast.base)
    assert told(client)["answer"] == "quarantined"


def test_a_number_that_went_to_somebody_else(client: Client, cast: Cast, token: MakeToken) -> None:
    cast.closed()
    cast.time.advance(timedelta(days=400))
    sweep(cast.base)
    cast.give_line(cast.sergei, LI_WEI_MSISDN)
    fresh = client.with_token(token())
    assert told(fresh)["answer"] == "reissued"
    assert told(fresh, date=today().isoformat())["answer"] == "same_holder"


def test_when_the_answer_holds_stands_in_a_header(client: Client) -> None:
    answer = client.post(CHECK, json={"number": LI_WEI, "date": THEN})
    assert answer.headers["x-lastcall-as-of"] == answer.json()["asOf"]


def test_days_that_cannot_be_spoken_of(client: Client) -> None:
    assert told(client, date="2025-12-31")["answer"] == "no_data"
    assert told(client, date="2026-12-31")["answer"] == "future_date"
    assert told(client, date="2025-12-31", semantics="camara")["answer"] == "out_of_range"


def test_a_number_that_nobody_holds_here(client: Client) -> None:
    for number in (f"+{FREE_MSISDN}", "+8613800138000", "+79990000000"):
        assert told(client, number=number)["answer"] in {"not_held", "no_data"}


def test_a_number_as_a_hash(client: Client, cast: Cast) -> None:
    key = consumers.hash_key(cast.base, consumers.by_name(cast.base, name="Demo Bank").id)
    given = {"numberHash": number_hash(key, LI_WEI_MSISDN), "date": THEN}
    answer = client.post(CHECK, json=given).json()
    assert answer["answer"] == "same_holder"
    assert str(LI_WEI_MSISDN) not in str(answer)


def test_the_hash_of_another_consumer_is_nobodys(client: Client, consumer: MakeConsumer, cast: Cast) -> None:
    other = consumer("Other Bank")
    given = {"numberHash": number_hash(consumers.hash_key(cast.base, other.id), LI_WEI_MSISDN), "date": THEN}
    assert client.post(CHECK, json=given).json()["answer"] == "no_data"


def test_what_is_asked_is_noted_for_the_leaver(client: Client, cast: Cast) -> None:
    told(client)
    told(client, semantics="camara")
    journal.gather(cast.base)
    assert sorted((one.reading, one.category, one.times) for one in some(cast.base, Asked, msisdn=LI_WEI_MSISDN)) == [
        ("camara", "bank", 1),
        ("rich", "bank", 1),
    ]


def test_a_token_bound_to_a_line_says_which_number(client: Client, token: MakeToken) -> None:
    bound = client.with_token(token(msisdn=LI_WEI_MSISDN))
    assert bound.post(CHECK, json={"date": THEN}).json()["answer"] == "same_holder"
    assert told(bound)["answer"] == "same_holder"
    refused(bound, 403, "INVALID_TOKEN_CONTEXT", number=f"+{ANNA_MSISDN}", date=THEN)
    refused(bound, 403, "INVALID_TOKEN_CONTEXT", CHECKS, rows=[{"number": LI_WEI, "date": THEN}])


def test_a_token_bound_to_a_line_ends_with_the_line(client: Client, token: MakeToken, cast: Cast) -> None:
    cast.ceasing()
    bound = client.with_token(token(msisdn=LI_WEI_MSISDN))
    cast.work()
    refused(bound, 401, "UNAUTHENTICATED", date=THEN)


def test_without_a_number_there_is_no_question(client: Client) -> None:
    refused(client, 422, "MISSING_IDENTIFIER", date=THEN)
    refused(client, 400, "INVALID_ARGUMENT", CHECKS, rows=[{"number": LI_WEI, "date": THEN}, {"date": THEN}])


WRONG: dict[str, dict[str, Any]] = {
    "no day": {"number": LI_WEI},
    "a day that does not exist": {"number": LI_WEI, "date": "2023-02-30"},
    "a moment": {"number": LI_WEI, "date": "2026-02-01T00:00:00Z"},
    "a number as people write it": {"number": "8 900 000-10-01", "date": THEN},
    "a number as a number": {"number": LI_WEI_MSISDN, "date": THEN},
    "null": {"number": None, "date": THEN},
    "both": {"number": LI_WEI, "numberHash": "0" * 64, "date": THEN},
    "a hash in capitals": {"numberHash": "A" * 64, "date": THEN},
    "an unknown reading": {"number": LI_WEI, "date": THEN, "semantics": "all"},
    "an unknown property": {"number": LI_WEI, "date": THEN, "holder": "Li Wei"},
    "something other than a purpose": {"number": LI_WEI, "date": THEN, "purpose": "fraud"},
}


def test_a_question_that_is_not_as_the_definition_has_it(client: Client) -> None:
    for question in WRONG.values():
        message = refused(client, 400, "INVALID_ARGUMENT", **question)
        assert str(LI_WEI_MSISDN) not in message and "holder" not in message


def test_a_body_that_is_no_object(client: Client) -> None:
    for body in (b"", b"[]", b"{", b'{"date":"2026-02-01","date":"2026-02-02"}', b"\xff"):
        answer = client.post(CHECK, content=body, headers={"content-type": "application/json"})
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_ARGUMENT")


def test_another_media_type_is_not_taken(client: Client) -> None:
    answer = client.post(CHECK, content=b"number=1", headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 415


def test_a_body_that_is_too_large(client: Client) -> None:
    assert client.post(CHECK, json={"number": "+" + "1" * 70_000, "date": THEN}).status_code == 413


def test_who_may_not_ask(client: Client, stranger: Client, token: MakeToken) -> None:
    question = {"number": LI_WEI, "date": THEN}
    refused(stranger, 401, "UNAUTHENTICATED", **question)
    refused(client.with_token(token(expired=True)), 401, "UNAUTHENTICATED", **question)
    refused(client.with_token(token(scopes=("number-recycling:check",))), 403, "PERMISSION_DENIED", **question)
    refused(client, 403, "PERMISSION_DENIED", **question, purpose="dpv:Marketing")
    assert told(client, purpose=consumers.DEFAULT_PURPOSE)["answer"] == "same_holder"


def test_a_hundred_questions_are_answered_in_order(client: Client, cast: Cast) -> None:
    cast.closed()
    rows = [{"number": LI_WEI, "date": THEN}, {"number": f"+{ANNA_MSISDN}", "date": THEN}] * 50
    answers = client.post(CHECKS, json={"rows": rows, "semantics": "disconnect"}).json()["answers"]
    assert [one["answer"] for one in answers] == ["yes", "no"] * 50
    assert len({one["asOf"] for one in answers}) == 1


def test_more_than_a_hundred_are_too_many(client: Client) -> None:
    rows = [{"number": LI_WEI, "date": THEN}] * 101
    refused(client, 400, "INVALID_ARGUMENT", CHECKS, rows=rows)
    refused(client, 400, "INVALID_ARGUMENT", CHECKS, rows=[])
    assert refused(client, 400, "INVALID_ARGUMENT", CHECKS, rows=[{"number": LI_WEI}]).startswith("rows.0.date")


def test_each_of_many_questions_costs_one_of_the_day(client: Client, consumer: MakeConsumer, token: MakeToken) -> None:
    small = client.with_token(token(consumer("Small Shop", category="app", requests_per_day=12)))
    rows = [{"number": LI_WEI, "date": THEN}] * 6
    assert small.post(CHECKS, json={"rows": rows}).status_code == 200
    over = small.post(CHECKS, json={"rows": rows * 2})
    assert (over.status_code, over.json()["code"]) == (429, "QUOTA_EXCEEDED")
    assert int(over.headers["retry-after"]) > 0


@pytest.fixture
def sandboxed(client: Client, consumer: MakeConsumer, token: MakeToken) -> Client:
    """A sandbox's consumer."""
    bank: Consumer = consumer("Sandbox Bank", sandbox=True)
    return client.with_token(token(bank))


def test_the_sandbox_has_a_number_for_every_answer(sandboxed: Client, client: Client) -> None:
    heard: dict[str, set[str]] = {semantics: set() for semantics in readings.SEMANTICS}
    for msisdn in sandbox.LIVES:
        for day in ("2019-12-31", "2023-01-01", "2023-12-22", "2024-03-01", "2099-01-01"):
            for semantics in readings.SEMANTICS:
                heard[semantics].add(told(sandboxed, number=f"+{msisdn}", date=day, semantics=semantics)["answer"])
    assert heard == {
        "camara": set(readings.CAMARA), "disconnect": set(readings.DISCONNECT), "rich": set(readings.RICH)
    }  # fmt: skip


def test_the_sandbox_knows_nothing_real(sandboxed: Client, cast: Cast) -> None:
    assert told(sandboxed)["answer"] == "no_data"
    journal.gather(cast.base)
    assert some(cast.base, Asked, msisdn=LI_WEI_MSISDN) == []


def test_a_corrected_closing_is_marked_in_rich_answers_alone(sandboxed: Client) -> None:
    corrected = next(life.msisdn for life in sandbox.LIVES.values() if life.corrected)
    assert told(sandboxed, number=f"+{corrected}", date="2024-01-01")["corrected"] is True
    assert "corrected" not in told(sandboxed, number=f"+{corrected}", date="2024-01-01", semantics="camara")
    plain = next(life.msisdn for life in sandbox.LIVES.values() if not life.corrected)
    assert "corrected" not in told(sandboxed, number=f"+{plain}", date="2024-01-01")

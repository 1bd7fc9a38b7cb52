"""What implementations of the CAMARA APIs are known to get wrong, asked of ours: in the sandbox, from database and from index.

The same two lives every time: one number held since 2023-10-09, one that A gave up on 2024-02-25 and B has held since 2024-09-21.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings

from lastcall.core.lookup.documented import APIS, MATCH, RECYCLING, SUBSCRIPTION, TENURE
from lastcall.core.lookup.index.build import build
from lastcall.core.numbers.number import Number
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Insert, Plan
from lastcall.core.relying.consumer import Consumer
from lastcall.doors.lookup import lookup
from lastcall.doors.lookup.camara.question import Question
from tests.cast import FREE_MSISDN
from tests.doors.lookup.camara.stage import LIFE, MINE, PATHS, Stage

STEADY, REISSUED, OLDEST = FREE_MSISDN + 11, FREE_MSISDN + 12, FREE_MSISDN + 13
DATED = {RECYCLING: "specifiedDate", TENURE: "tenureDate"}
BOOLEAN = {RECYCLING: "phoneNumberRecycled", TENURE: "tenureDateCheck"}


@dataclass(frozen=True)
class Way:
    """Where the answers come from, and the two numbers there."""

    stage: Stage
    consumer: Consumer
    steady: str
    reissued: str

    def ask(self, api: str, document: Any, **given: Any) -> httpx.Response:
        """A question with a two-legged token that may ask everything, unless told otherwise."""
        token = given.pop("token", None)
        return self.stage.ask(
            api, document, token=self.stage.token(of=self.consumer) if token is None else token, **given
        )

    def on(self, api: str, number: str, day: str) -> Any:
        """The boolean for a day, or the code of the error."""
        answer = self.ask(api, {"phoneNumber": number, DATED[api]: day})
        return answer.json()[BOOLEAN[api] if answer.status_code == 200 else "code"]

    def whole(self, api: str, **changed: Any) -> dict[str, Any]:
        """A request as it should be."""
        return {"phoneNumber": self.steady, **MINE[api], **changed}


@pytest.fixture(scope="module", params=["sandbox", "database", "index"])
def way(request: pytest.FixtureRequest, stage: Stage) -> Iterator[Way]:
    """The three places that answers come from."""
    path = Path(settings.LASTCALL_INDEX)
    if stage.base.transact(lambda rows: rows.one(Number, {"msisdn": STEADY})) is None:
        stage.base.transact(lambda rows: rows.apply(_lives(stage)))
    path.unlink(missing_ok=True)
    if request.param == "index":
        build(stage.base, path=path, policy=stage.cast.policy)
    lookup.forget()
    assert (lookup.present() is not None) == (request.param == "index")
    sandbox = request.param == "sandbox"
    numbers = (LIFE.format(1), LIFE.format(2)) if sandbox else (f"+{STEADY}", f"+{REISSUED}")
    yield Way(stage, stage.sandbox if sandbox else stage.bank, *numbers)
    path.unlink(missing_ok=True)
    lookup.forget()


def _lives(stage: Stage) -> Plan:
    first, second = stage.cast.li_wei.subscriber.id, stage.cast.anna.subscriber.id
    ended: dict[str, Any] = {"until": _noon(2024, 2, 25), "ending": "ceased"}
    ended |= dict.fromkeys(("reclaim_until", "quarantine_until"), _noon(2024, 9, 1))
    tenures = (
        Tenure(id=1, msisdn=STEADY, ordinal=1, subscriber_id=first, since=_noon(2023, 10, 9)),
        Tenure(id=2, msisdn=REISSUED, ordinal=1, subscriber_id=first, since=_noon(2023, 10, 9), **ended),
        Tenure(id=3, msisdn=REISSUED, ordinal=2, subscriber_id=second, since=_noon(2024, 9, 21)),
        Tenure(id=4, msisdn=OLDEST, ordinal=1, subscriber_id=first, since=_noon(2020, 1, 1)),
    )
    numbers = (Number(msisdn=msisdn, known_since=_noon(2020, 1, 1)) for msisdn in (STEADY, REISSUED, OLDEST))
    return Plan(tuple(map(Insert, (*numbers, *tenures))))


def _noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 9, tzinfo=UTC)


def test_off_by_one_on_the_first_day_of_the_contract(way: Way) -> None:
    assert [way.on(RECYCLING, way.steady, day) for day in ("2023-10-08", "2023-10-09", "2023-10-10")] == [
        True,
        False,
        False,
    ]
    assert [way.on(TENURE, way.steady, day) for day in ("2023-10-08", "2023-10-09", "2023-10-10")] == [
        False,
        True,
        True,
    ]


def test_a_date_in_a_gap_answered_false(way: Way) -> None:
    for day in ("2024-02-25", "2024-02-26", "2024-06-01", "2024-09-20"):
        assert way.on(RECYCLING, way.reissued, day) is True
    assert way.on(RECYCLING, way.reissued, "2024-09-21") is False


UNKNOWN: tuple[dict[str, Any], ...] = (
    {"unknown": 1},
    {"PhoneNumber": "+1"},
    {"": ""},
    {"phoneNumber ": "+1"},
    {"a": {"b": []}},
)


@pytest.mark.parametrize("api", APIS)
def test_unknown_properties_accepted(way: Way, api: str) -> None:
    for extra in UNKNOWN:
        answer = way.ask(api, way.whole(api) | extra)
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize("api", APIS)
def test_unknown_properties_accepted_below_the_first_level(way: Way, api: str) -> None:
    """No property of these APIs is an object, so whatever holds one is refused."""
    for name in way.whole(api):
        answer = way.ask(api, way.whole(api) | {name: {"value": way.whole(api)[name], "unknown": 1}})
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize("api", DATED)
def test_the_thirtieth_of_february_answered_500(way: Way, api: str) -> None:
    for day in ("2023-02-30", "2023-02-29", "2023-00-10", "2023-04-31", "0000-01-01", "10000-01-01"):
        answer = way.ask(api, way.whole(api, **{DATED[api]: day}))
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_ARGUMENT")
    assert way.on(api, way.steady, "2024-02-29") is (api == TENURE)


@pytest.mark.parametrize("api", APIS)
def test_a_malformed_correlator_echoed(way: Way, api: str) -> None:
    for correlator in ("a b", "<script>alert(1)</script>", "x" * 257, "a\tb", "é".encode("latin-1"), "a,b", "(a)"):
        answer = way.ask(api, way.whole(api), headers={"x-correlator": correlator})
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_ARGUMENT")
        assert answer.headers["x-correlator"] not in {correlator, ""}


@pytest.mark.parametrize("api", APIS)
def test_no_correlator_echo(way: Way, api: str) -> None:
    """On answers and on errors; the longest and the strangest that are allowed."""
    for correlator in ("b4333c46-49c0-4f62-80d7-f0ef930f1c46", "a-_:;./<>{}Z9", "x" * 256):
        for document in (way.whole(api), way.whole(api) | {"unknown": 1}):
            answer = way.ask(api, document, headers={"x-correlator": correlator})
            assert answer.headers["x-correlator"] == correlator
    first, second = (way.ask(api, way.whole(api)).headers["x-correlator"] for _ in range(2))
    assert first and second and first != second, "where none was sent, each answer has one of its own"


@pytest.mark.parametrize("api", DATED)
def test_a_date_before_the_evidence_window_answered_with_a_boolean(way: Way, api: str) -> None:
    assert way.on(api, way.steady, "2019-12-31") == "OUT_OF_RANGE"
    assert way.on(api, way.steady, "0001-01-01") == "OUT_OF_RANGE"
    assert way.on(api, way.steady, "2020-01-01") is (api == RECYCLING)


@pytest.mark.parametrize("api", DATED)
def test_a_future_date_accepted(way: Way, api: str) -> None:
    """At noon of 13 March 2026 in Moscow."""
    assert way.on(api, way.steady, "2026-03-13") is (api == TENURE)
    assert way.on(api, way.steady, "2026-03-14") == "OUT_OF_RANGE"
    assert way.on(api, way.steady, "9999-12-31") == "OUT_OF_RANGE"


def test_a_response_that_leaks_a_date_or_the_previous_owner(way: Way) -> None:
    """The same bytes for every day with the same answer, and nothing in them but the answer; nor in a header."""
    before, after = (
        way.ask(RECYCLING, {"phoneNumber": way.reissued, "specifiedDate": day}) for day in ("2023-12-22", "2024-06-01")
    )
    assert before.content == after.content == b'{"phoneNumberRecycled":true}'
    assert {name for name in before.headers if name.startswith("x-")} == {"x-correlator", "x-lastcall-as-of"}
    assert before.headers["x-lastcall-as-of"] == "2026-03-13T09:00:00Z"
    tenure = way.ask(TENURE, {"phoneNumber": way.reissued, "tenureDate": "2024-01-01"})
    assert tenure.json().keys() <= {"tenureDateCheck", "contractType"}
    refused = way.ask(RECYCLING, {"phoneNumber": way.reissued, "specifiedDate": "2019-12-31"})
    for secret in ("2023-10-09", "2024-02-25", "2024-09-21", "Li Wei", "Anna", "Анна", "李伟"):
        assert secret not in before.text + tenure.text + refused.text


@pytest.mark.parametrize("api", DATED)
def test_a_date_time_accepted_as_a_date(way: Way, api: str) -> None:
    for day in (
        "2024-10-01T00:00:00Z",
        "2024-10-01T00:00:00+03:00",
        "2024-10-01 00:00",
        "2024-10-01Z",
        "2024-275",
        "2024-W40-2",
    ):
        answer = way.ask(api, way.whole(api, **{DATED[api]: day}))
        assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize("api", APIS)
def test_a_wrong_content_type_accepted(way: Way, api: str) -> None:
    content = httpx.Request("POST", "http://x", json=way.whole(api)).content
    for kind in ("text/plain", "application/xml", "application/x-www-form-urlencoded", "application/jsonp", ""):
        answer = way.ask(api, None, content=content, headers={"content-type": kind})
        assert (answer.status_code, answer.json()["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")
    for kind in ("application/json", "application/json; charset=utf-8", "Application/JSON"):
        assert way.ask(api, None, content=content, headers={"content-type": kind}).status_code in {200, 404}


def test_constant_answers(way: Way) -> None:
    days = ("2023-10-08", "2023-12-22", "2024-09-21", "2026-03-14")
    for api in DATED:
        assert len({way.on(api, number, day) for number in (way.steady, way.reissued) for day in days}) == 3


@pytest.mark.parametrize("api", DATED)
def test_a_string_instead_of_a_boolean(way: Way, api: str) -> None:
    assert {type(way.on(api, way.reissued, day)) for day in ("2024-06-01", "2024-09-21")} == {bool}


def test_a_boolean_instead_of_a_string(way: Way) -> None:
    """KYC Match has it the other way round: ``true`` and ``false`` are strings there, and a score is a whole number."""
    for name in ("Li Wei", "Li Wen"):
        document = way.ask(MATCH, way.whole(MATCH, name=name)).json()
        assert document["nameMatch"] in ("true", "false")
        assert isinstance(document.get("nameMatchScore", 0), int)


@pytest.mark.parametrize("api", APIS)
def test_a_scope_ignored(way: Way, api: str) -> None:
    scopes = way.consumer.scopes.split()
    needed = next(scope for scope in scopes if scope.startswith(f"{api}:"))
    without = way.stage.token(of=way.consumer, scopes=tuple(scope for scope in scopes if scope != needed))
    answer = way.ask(api, way.whole(api), token=without)
    assert (answer.status_code, answer.json()["code"]) == (403, "PERMISSION_DENIED")


@pytest.mark.parametrize("api", APIS)
def test_an_expired_token_accepted(way: Way, api: str) -> None:
    for token in (way.stage.token(of=way.consumer, expired=True), "", "nonsense"):
        answer = way.ask(api, way.whole(api), token=token)
        assert (answer.status_code, answer.json()["code"]) == (401, "UNAUTHENTICATED")


@pytest.mark.parametrize("api", DATED)
def test_a_number_accepted_beside_a_three_legged_token(way: Way, api: str) -> None:
    bound = way.stage.token(of=way.consumer, msisdn=int(way.steady[1:]))
    for number in (way.steady, way.reissued):
        answer = way.ask(api, way.whole(api, phoneNumber=number), token=bound)
        assert (answer.status_code, answer.json()["code"]) == (422, "UNNECESSARY_IDENTIFIER")
    assert way.ask(api, MINE[api], token=bound).status_code == 200


@pytest.mark.parametrize("api", APIS)
def test_a_missing_identifier_answered_404(way: Way, api: str) -> None:
    answer = way.ask(api, MINE[api])
    assert (answer.status_code, answer.json()["code"]) == (422, "MISSING_IDENTIFIER")


@pytest.mark.parametrize("api", APIS)
def test_an_unsupported_number_answered_404(way: Way, api: str) -> None:
    """Whatever the day. The sandbox plays it with a number of its own, for it has no country."""
    sandbox = way.consumer is way.stage.sandbox
    numbers = (
        [f"+999{APIS.index(api) + 1}422001"]
        if sandbox
        else ["+12025550123", "+74951234567", "+77012345678", "+9990200001"]
    )
    for number in numbers:
        days = [{}] if api not in DATED else [{DATED[api]: day} for day in ("2024-10-01", "1999-01-01", "2030-01-01")]
        for day in days:
            answer = way.ask(api, way.whole(api, phoneNumber=number) | day)
            assert (answer.status_code, answer.json()["code"]) == (422, "SERVICE_NOT_APPLICABLE")


def test_only_one_spelling_of_the_path(way: Way) -> None:
    for spelling in ("retrive", "retrieve"):
        path = f"/subscription-status/v0.1/{spelling}-subscription-status"
        missing = way.ask(SUBSCRIPTION, {}, path=path)
        assert (missing.status_code, missing.json()["code"]) == (422, "MISSING_IDENTIFIER")


@pytest.mark.parametrize("way", ["index"], indirect=True)
def test_an_answer_from_the_index_that_asks_the_database(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """The hot path is hot: what the index can tell is told by it alone."""

    def fail(question: Question, read: object) -> None:
        pytest.fail("it asked the database")

    monkeypatch.setattr(Question, "real", fail)
    assert way.on(RECYCLING, way.reissued, "2024-06-01") is True
    assert way.on(RECYCLING, way.reissued, "2019-12-31") == "OUT_OF_RANGE"
    assert way.on(RECYCLING, "+79888888888", "2024-06-01") == "IDENTIFIER_NOT_FOUND"


def test_the_published_path_is_served() -> None:
    assert PATHS[SUBSCRIPTION] == "/subscription-status/v0.1/retrive-subscription-status"

"""Interests: registering numbers plainly or as hashes, counting and withdrawing them; never reading them back."""

from __future__ import annotations

from typing import Any

import pytest

from lastcall.core.database import DjangoDatabase
from lastcall.core.relying import consumers
from lastcall.core.relying.hashing import number_hash
from tests.cast import ANNA_MSISDN, LI_WEI_MSISDN, Cast
from tests.doors.lookup.conftest import MakeConsumer, MakeToken
from tests.doors.lookup.own.conftest import MakeClient, Renewing
from tests.relying import SYSTEM

INTERESTS = "/lookup/v1/interests"
WITHDRAW = f"{INTERESTS}/withdraw"
LI_WEI, ANNA = f"+{LI_WEI_MSISDN}", f"+{ANNA_MSISDN}"


def hashed(base: DjangoDatabase, msisdn: int, name: str = "Demo Bank") -> str:
    return number_hash(consumers.hash_key(base, consumers.by_name(base, name=name).id), msisdn)


def test_numbers_are_registered_once(client: Renewing) -> None:
    first = client.post(INTERESTS, json={"numbers": [LI_WEI, ANNA], "reference": "batch-7"})
    assert first.json() == {"count": 2, "new": 2, "refused": []}
    assert client.post(INTERESTS, json={"numbers": [LI_WEI]}).json() == {"count": 2, "new": 0, "refused": []}
    assert client.get(INTERESTS).json()["count"] == 2


def test_numbers_come_as_hashes_too(client: Renewing, cast: Cast) -> None:
    given = {"hashes": [hashed(cast.base, LI_WEI_MSISDN), "no hash"]}
    told = client.post(INTERESTS, json=given).json()
    assert (told["count"], told["refused"]) == (1, [{"place": 1, "code": "malformed_hash"}])
    listed = client.get(INTERESTS).json()
    assert (listed["plain"], listed["hashed"], listed["underFormerKeys"]) == (0, 1, 0)


def test_what_cannot_be_read_is_named_by_its_place(client: Renewing) -> None:
    told = client.post(INTERESTS, json={"numbers": [LI_WEI, "12", "+8613800138000"]}).json()
    assert told["refused"] == [{"place": 1, "code": "malformed_number"}, {"place": 2, "code": "foreign_number"}]


def test_numbers_are_withdrawn(client: Renewing) -> None:
    client.post(INTERESTS, json={"numbers": [LI_WEI, ANNA]})
    assert client.post(WITHDRAW, json={"numbers": [LI_WEI]}).json()["count"] == 1
    assert client.post(WITHDRAW, json={"numbers": [LI_WEI]}).json()["count"] == 1


def test_hashes_under_a_former_key_are_ended_when_all_are_registered_anew(client: Renewing, cast: Cast) -> None:
    client.post(INTERESTS, json={"hashes": [hashed(cast.base, LI_WEI_MSISDN)]})
    consumers.rotate_hash_key(cast.base, name="Demo Bank", actor=SYSTEM)
    client.post(INTERESTS, json={"hashes": [hashed(cast.base, LI_WEI_MSISDN)]})
    assert client.get(INTERESTS).json()["underFormerKeys"] == 1
    assert client.delete(f"{INTERESTS}/former").json() == {"ended": 1}
    assert client.get(INTERESTS).json()["count"] == 1


WRONG: tuple[dict[str, Any], ...] = (
    {}, {"numbers": []}, {"numbers": [LI_WEI], "hashes": ["0" * 64]}, {"numbers": LI_WEI}, {"numbers": [1]},
    {"numbers": [LI_WEI], "holder": "x"}, {"numbers": [LI_WEI], "reference": "r" * 65}, {"numbers": ["+7"] * 5_001},
    {"numbers": None},
)  # fmt: skip


def test_what_is_not_as_the_definition_has_it(client: Renewing) -> None:
    for path in (INTERESTS, WITHDRAW):
        for body in WRONG:
            answer = client.post(path, json=body)
            assert (answer.status_code, answer.json()["code"]) == (400, "INVALID_ARGUMENT"), body


def test_one_consumer_learns_nothing_of_anothers_interests(client: Renewing, rival: Renewing) -> None:
    client.post(INTERESTS, json={"numbers": [LI_WEI, ANNA]})
    assert rival.get(INTERESTS).json()["count"] == 0
    assert rival.post(INTERESTS, json={"numbers": [LI_WEI]}).json() == {"count": 1, "new": 1, "refused": []}
    assert rival.post(WITHDRAW, json={"numbers": [ANNA]}).json()["count"] == 1
    assert client.get(INTERESTS).json()["count"] == 2


def test_who_may_not(client: Renewing, client_of: MakeClient, consumer: MakeConsumer, token: MakeToken) -> None:
    body = {"numbers": [LI_WEI]}
    assert client.post(INTERESTS, json=body, token="").status_code == 401
    assert client.post(INTERESTS, json=body, token=token(scopes=("lookup:check",))).status_code == 403
    without = client_of(consumer("Shop", category="app", told=False))
    for answer in (without.post(INTERESTS, json=body), without.get(INTERESTS)):
        assert (answer.status_code, answer.json()["code"]) == (403, "PERMISSION_DENIED")


def test_more_than_agreed_are_refused_whole(client: Renewing, monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:
    from dataclasses import replace

    from lastcall.doors.lookup.own import interests

    monkeypatch.setattr(interests, "present_policy", lambda: replace(cast.policy, told_interests_max=1))
    answer = client.post(INTERESTS, json={"numbers": [LI_WEI, ANNA]})
    assert (answer.status_code, answer.json()["code"]) == (403, "TOO_MANY_INTERESTS")
    assert client.get(INTERESTS).json() == {
        "count": 0, "plain": 0, "hashed": 0, "underFormerKeys": 0, "most": 1
    }  # fmt: skip


def test_there_is_no_list_of_numbers(client: Renewing) -> None:
    client.post(INTERESTS, json={"numbers": [LI_WEI, ANNA]})
    assert str(LI_WEI_MSISDN)[-7:] not in client.get(INTERESTS).text
    for method in ("PUT", "DELETE"):
        assert client.request(method, INTERESTS).status_code == 405

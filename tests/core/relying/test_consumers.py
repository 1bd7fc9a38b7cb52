"""Consumers come, change and end; what is written of them holds no key."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lastcall.core.actor import CLERK, Actor
from lastcall.core.audit.event import Event
from lastcall.core.audit.privacy import personal
from lastcall.core.clock import ManualClock
from lastcall.core.database import DjangoDatabase
from lastcall.core.errors import BadInput, LastcallError, NotFound, Refused
from lastcall.core.relying import consumers, jose
from lastcall.core.relying.consumer import Consumer
from lastcall.core.relying.consumer_key import ConsumerKey
from tests.relying import SYSTEM, registered

pytestmark = pytest.mark.usefixtures("time")


def events(base: DjangoDatabase) -> list[Event]:
    return base.transact(lambda rows: rows.some(Event, {"subject": "consumer"}, order="id"))


def test_a_consumer_is_registered_with_what_was_agreed_and_a_key(base: DjangoDatabase, time: ManualClock) -> None:
    party = registered(base, "Demo Bank", scopes=["lookup:check", "number-recycling:check"], bulk=False)
    found = consumers.by_name(base, name=" Demo  Bank ")
    assert found == party.consumer
    assert (found.scopes, found.bulk, found.three_legged) == ("number-recycling:check lookup:check", False, True)
    assert (found.created_at, found.revision) == (time.now(), 1)
    (key,) = consumers.keys(base, name="Demo Bank")
    assert key.public == {name: value for name, value in party.jwk.items() if name != "d"}
    assert len(consumers.hash_key(base, found.id)) == 32


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"name": ""}, "bad_consumer_name"), ({"name": "7"}, "bad_consumer_name"), ({"name": "x" * 81}, "bad_consumer_name"),
    ({"name": "Call +7 900 000-10-01"}, "bad_consumer_name"), ({"scopes": []}, "no_scope"), ({"scopes": ["all"]}, "bad_scope"),
    ({"category": "friend"}, "bad_category"), ({"purpose": "marketing"}, "bad_purpose"), ({"rows_per_day": -1}, "bad_quota"),
    ({"requests_per_second": 2**40}, "bad_quota"), ({"public_jwk": {}}, "bad_key"),
    ({"public_jwk": {"kty": "RSA", "n": "AQAB", "e": "AQAB"}}, "bad_key"),
    ({"public_jwk": {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}}, "bad_key"),
    ({"public_jwk": {"kty": "oct", "k": "AA"}}, "bad_key"),
]  # fmt: skip


def test_what_cannot_be_registered_is_named_and_leaves_nothing(base: DjangoDatabase) -> None:
    for given, code in WRONG:
        with pytest.raises(BadInput) as caught:
            registered(base, **({"name": "Demo Bank"} | given))
        assert caught.value.code == code, given
    assert consumers.all(base) == () and events(base) == []


def test_a_private_key_is_refused_as_public_one(base: DjangoDatabase) -> None:
    with pytest.raises(BadInput, match="private key"):
        registered(base, public_jwk=jose.private(jose.new_key()))


def test_a_name_and_a_key_are_given_once_also_after_the_end(base: DjangoDatabase) -> None:
    party = registered(base, "Demo Bank")
    consumers.end(base, name="Demo Bank", actor=SYSTEM)
    with pytest.raises(Refused) as name_taken:
        registered(base, "Demo Bank")
    with pytest.raises(Refused) as key_taken:
        registered(base, "Other Bank", public_jwk={name: value for name, value in party.jwk.items() if name != "d"})
    assert (name_taken.value.code, key_taken.value.code) == ("name_taken", "key_taken")
    assert [one.name for one in consumers.all(base)] == ["Demo Bank"]


def test_changes_count_the_revision_and_an_equal_value_is_no_change(base: DjangoDatabase) -> None:
    registered(base, "Demo Bank")
    changed = consumers.change(base, name="Demo Bank", requests_per_day=5, bulk=False, actor=SYSTEM)
    assert (changed.requests_per_day, changed.bulk, changed.revision) == (5, False, 2)
    assert consumers.change(base, name="Demo Bank", requests_per_day=5, actor=SYSTEM) == changed
    assert consumers.by_name(base, name="Demo Bank") == changed
    for given, code in (
        ({"sandbox": True}, "not_changeable"),
        ({"name2": 1}, "not_changeable"),
        ({"scopes": []}, "no_scope"),
    ):
        with pytest.raises(BadInput) as caught:
            consumers.change(base, name="Demo Bank", actor=SYSTEM, **given)
        assert caught.value.code == code


def test_an_ended_consumer_is_nobody(base: DjangoDatabase) -> None:
    party = registered(base, "Demo Bank")
    consumers.end(base, name="Demo Bank", actor=SYSTEM)
    assert base.transact(lambda rows: rows.some(ConsumerKey, {"ended_at": None})) == []
    for again in (
        lambda: consumers.end(base, name="Demo Bank", actor=SYSTEM), lambda: consumers.by_name(base, name="Demo Bank"),
        lambda: consumers.hash_key(base, party.consumer.id), lambda: consumers.add_key(base, name="Demo Bank", actor=SYSTEM),
    ):  # fmt: skip
        with pytest.raises(NotFound) as caught:
            again()
        assert caught.value.code == "no_such_consumer"


def test_a_consumer_has_a_few_keys_at_a_time(base: DjangoDatabase) -> None:
    registered(base, "Demo Bank")
    for _ in range(consumers.MOST_KEYS - 1):
        consumers.add_key(base, name="Demo Bank", actor=SYSTEM)
    with pytest.raises(Refused) as caught:
        consumers.add_key(base, name="Demo Bank", actor=SYSTEM)
    assert caught.value.code == "too_many_keys"
    with pytest.raises(NotFound) as missing:
        consumers.end_key(base, name="Demo Bank", kid="unknown", actor=SYSTEM)
    assert missing.value.code == "no_such_key"


def test_the_hash_key_is_another_after_a_rotation(base: DjangoDatabase) -> None:
    party = registered(base, "Demo Bank")
    before = consumers.hash_key(base, party.consumer.id)
    after = consumers.rotate_hash_key(base, name="Demo Bank", actor=SYSTEM)
    assert after == consumers.hash_key(base, party.consumer.id) != before


def test_only_an_administrator_may(base: DjangoDatabase) -> None:
    registered(base, "Demo Bank")
    olga = Actor(CLERK, "olga", "desk")
    for act in (
        lambda: registered_by(base, olga), lambda: consumers.change(base, name="Demo Bank", bulk=False, actor=olga),
        lambda: consumers.end(base, name="Demo Bank", actor=olga), lambda: consumers.add_key(base, name="Demo Bank", actor=olga),
        lambda: consumers.end_key(base, name="Demo Bank", kid="x", actor=olga),
        lambda: consumers.rotate_hash_key(base, name="Demo Bank", actor=olga),
    ):  # fmt: skip
        with pytest.raises(LastcallError) as caught:
            act()
        assert caught.value.code == "no_right"


def registered_by(base: DjangoDatabase, actor: Actor) -> None:
    consumers.create(base, name="Another", category="app", scopes=["lookup:check"], actor=actor)


def test_each_change_leaves_one_event_without_any_key(base: DjangoDatabase) -> None:
    party = registered(base, "Demo Bank")
    consumers.change(base, name="Demo Bank", told=False, actor=SYSTEM)
    private = consumers.add_key(base, name="Demo Bank", actor=SYSTEM)
    consumers.end_key(base, name="Demo Bank", kid=party.jwk["kid"], actor=SYSTEM)
    secret = consumers.rotate_hash_key(base, name="Demo Bank", actor=SYSTEM)
    consumers.end(base, name="Demo Bank", actor=SYSTEM)
    found = events(base)
    assert [one.kind.removeprefix("consumer.") for one in found] == [
        "created", "key_added", "changed", "key_added", "key_ended", "hash_key", "ended",
    ]  # fmt: skip
    written = json.dumps([one.data for one in found])
    assert not [one for one in found if personal(one)]
    for hidden in (party.jwk["d"], party.jwk["x"], private["d"], secret.hex()):
        assert hidden not in written
    stored = base.transact(lambda rows: rows.one(Consumer, {"id": party.consumer.id}))
    assert stored is not None and secret.hex() not in stored.sealed_hash_key

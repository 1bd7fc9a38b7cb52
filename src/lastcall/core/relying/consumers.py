"""Consumers come, change and end; their keys and hash keys are changed. Every change leaves an event and counts within seconds."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from lastcall.core import clock
from lastcall.core.actor import ADMINISTRATOR, SYSTEM, Actor
from lastcall.core.audit.privacy import shape
from lastcall.core.errors import BadInput, NotFound, Refused
from lastcall.core.keyed import new_key, seal, unseal
from lastcall.core.plan import Change, Insert, Plan
from lastcall.core.relying import jose, roll
from lastcall.core.relying.consumer import CATEGORIES, Consumer
from lastcall.core.relying.consumer_key import ConsumerKey
from lastcall.core.relying.notes import noted
from lastcall.core.rows import Json
from lastcall.core.store import Database, Store, transaction
from lastcall.core.subscribers.inputs import one_of
from lastcall.core.typed_text import plain

CAMARA_SCOPES: Final = (
    "number-recycling:check",
    "kyc-tenure:check-tenure",
    "subscription-status:retrive-subscription-status",
    "kyc-match:match",
)
OWN_SCOPES: Final = ("lookup:check", "lookup:batch", "lookup:interests", "lookup:feed")
SCOPES: Final = (*CAMARA_SCOPES, *OWN_SCOPES)
"""What a consumer may be let do: CAMARA's scopes as their definitions spell them, and our own."""
DEFAULT_PURPOSE: Final = "dpv:FraudPreventionAndDetection"
PER_SECOND: Final = 50
PER_DAY: Final = 100_000
ROWS_PER_DAY: Final = 1_000_000
MOST_KEYS: Final = 5
_MOST: Final = 2**31
_PURPOSE: Final = re.compile(r"dpv:[A-Z][A-Za-z]{2,60}")
_CHANGEABLE: Final = (
    "category", "scopes", "purpose", "bulk", "told", "three_legged", "requests_per_second", "requests_per_day",
    "rows_per_day",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Created:
    """A consumer with the private half of its first key, which is shown once and kept nowhere; empty where it gave its own."""

    consumer: Consumer
    private_jwk: Json


def parse_name(text: str) -> str:
    """The name of an organisation. Raises ``BadInput`` (``bad_consumer_name``)."""
    name = " ".join(plain(text).split())
    if not 2 <= len(name) <= 80 or not any(letter.isalpha() for letter in name) or shape(name):
        raise BadInput(
            "an organisation's name has 2 to 80 signs, letters among them, and holds no number", code="bad_consumer_name",
            remedy="Write it as in the agreement with it.",
        )  # fmt: skip
    return name


def parse_scopes(words: Sequence[str]) -> str:
    """Scopes in their one order. Raises ``BadInput`` (``bad_scope``, ``no_scope``)."""
    given = {one_of("scope", word, SCOPES) for word in words}
    if not given:
        raise BadInput("no scope was given", code="no_scope", remedy=f"At least one of: {', '.join(SCOPES)}.")
    return " ".join(scope for scope in SCOPES if scope in given)


def parse_purpose(text: str) -> str:
    """A purpose of the W3C Data Privacy Vocabulary with ``dpv:`` before it. Raises ``BadInput`` (``bad_purpose``)."""
    if not _PURPOSE.fullmatch(text):
        raise BadInput(
            "this is not a purpose of the W3C Data Privacy Vocabulary", code="bad_purpose",
            remedy=f"Write it as {DEFAULT_PURPOSE}.",
        )  # fmt: skip
    return text


def _quota(name: str, value: int) -> int:
    if not 0 <= value < _MOST:
        raise BadInput(f"{name} is a number from 0 on", code="bad_quota", remedy="0 lets nothing through.")
    return value


def _may(actor: Actor) -> None:
    if actor.role not in {ADMINISTRATOR, SYSTEM}:
        raise Refused("consumers are an administrator's", code="no_right", remedy="Ask an administrator.")


def _hash_bound(consumer_id: int) -> str:
    return f"relying_consumer.sealed_hash_key:{consumer_id}"


@transaction
def _create(
    rows: Store, *, name: str, category: str, scopes: Sequence[str], purpose: str, bulk: bool, told: bool,
    three_legged: bool, sandbox: bool, requests_per_second: int, requests_per_day: int, rows_per_day: int,
    public_jwk: Json | None, actor: Actor,
) -> Created:  # fmt: skip
    _may(actor)
    name, consumer_id = parse_name(name), clock.new_id()
    if rows.one(Consumer, {"name": name}) is not None:
        raise Refused(
            "a consumer of this name was registered before", code="name_taken", remedy="Add what tells them apart."
        )
    consumer = Consumer(
        id=consumer_id, name=name, category=one_of("category", category, CATEGORIES), scopes=parse_scopes(scopes),
        purpose=parse_purpose(purpose), bulk=bulk, told=told, three_legged=three_legged, sandbox=sandbox,
        requests_per_second=_quota("requests_per_second", requests_per_second),
        requests_per_day=_quota("requests_per_day", requests_per_day), rows_per_day=_quota("rows_per_day", rows_per_day),
        sealed_hash_key=seal(new_key(), bound_to=_hash_bound(consumer_id)), created_at=clock.now(),
    )  # fmt: skip
    event = noted("created", consumer_id=consumer.id, actor=actor, data=_as_data(consumer) | {"name": name})
    rows.apply(Plan((Insert(consumer),), (event,)))
    return Created(consumer, _add_key(rows, consumer, public_jwk, actor))


def create(
    database: Database, *, name: str, category: str, scopes: Sequence[str], purpose: str = DEFAULT_PURPOSE,
    bulk: bool = False, told: bool = False, three_legged: bool = False, sandbox: bool = False,
    requests_per_second: int = PER_SECOND, requests_per_day: int = PER_DAY, rows_per_day: int = ROWS_PER_DAY,
    public_jwk: Json | None = None, actor: Actor,
) -> Created:  # fmt: skip
    """Register a consumer with its first key: ``public_jwk``, or a pair made here whose private half is returned once.

    Raises ``BadInput`` (``bad_consumer_name``, ``bad_category``, ``bad_scope``, ``no_scope``, ``bad_purpose``, ``bad_quota``,
    ``bad_key``), ``Refused`` (``name_taken``, ``key_taken``, ``no_right``).
    """
    created = _create(
        database, name=name, category=category, scopes=scopes, purpose=purpose, bulk=bulk, told=told,
        three_legged=three_legged, sandbox=sandbox, requests_per_second=requests_per_second,
        requests_per_day=requests_per_day, rows_per_day=rows_per_day, public_jwk=public_jwk, actor=actor,
    )  # fmt: skip
    roll.forget(database)
    return created


def _as_data(consumer: Consumer) -> Json:
    return {name: getattr(consumer, name) for name in (*_CHANGEABLE, "sandbox")}


def _add_key(rows: Store, consumer: Consumer, public_jwk: Json | None, actor: Actor) -> Json:
    key = jose.new_key() if public_jwk is None else jose.load(_public_only(public_jwk))
    public = jose.public(key)
    if rows.count(ConsumerKey, {"consumer_id": consumer.id, "ended_at": None}) >= MOST_KEYS:
        raise Refused(f"a consumer has {MOST_KEYS} keys at most", code="too_many_keys", remedy="End an old one first.")
    if rows.one(ConsumerKey, {"kid": public["kid"]}) is not None:
        raise Refused("this key is registered already, or was", code="key_taken", remedy="Make a fresh pair.")
    row = ConsumerKey(
        id=clock.new_id(), consumer_id=consumer.id, kid=public["kid"], public=public, created_at=clock.now()
    )
    event = noted("key_added", consumer_id=consumer.id, actor=actor, data={"key": row.id})
    rows.apply(Plan((Insert(row),), (event,)))
    return jose.private(key) if public_jwk is None else {}


def _public_only(jwk: Json) -> Json:
    if "d" in jwk:
        raise BadInput(
            "this is a private key", code="bad_key", remedy="Give the public half; the private one stays yours."
        )
    return jwk


def read(rows: Store, name: str) -> Consumer:
    """A consumer that has not ended. Raises ``NotFound`` (``no_such_consumer``)."""
    consumer = rows.one(Consumer, {"name": " ".join(plain(name).split()), "ended_at": None})
    if consumer is None:
        raise NotFound("no consumer has this name", code="no_such_consumer", remedy="See 'lastcall consumer list'.")
    return consumer


@transaction
def by_name(rows: Store, *, name: str) -> Consumer:
    """A consumer that has not ended. Raises ``NotFound`` (``no_such_consumer``)."""
    return read(rows, name)


@transaction
def by_id(rows: Store, *, consumer_id: int) -> Consumer | None:
    """The consumer, also one that has ended."""
    return rows.one(Consumer, {"id": consumer_id})


@transaction
def all(rows: Store) -> tuple[Consumer, ...]:
    """All consumers by name, those that ended at the end."""
    return tuple(sorted(rows.some(Consumer, {}, order="name"), key=lambda one: one.ended_at is not None))


def _changed(rows: Store, consumer: Consumer, **values: object) -> tuple[Consumer, Change]:
    guard = {"id": consumer.id, "revision": consumer.revision, "ended_at": None}
    values["revision"] = consumer.revision + 1
    changed: Consumer = replace(consumer, **values)  # type: ignore[arg-type]
    return changed, Change(Consumer, guard, values)


_READERS: Final[dict[str, Any]] = {
    "category": lambda value: one_of("category", value, CATEGORIES),
    "scopes": parse_scopes,
    "purpose": parse_purpose,
}


def _read_value(name: str, value: Any) -> Any:
    if name not in _CHANGEABLE:
        raise BadInput(
            f"{name} does not change", code="not_changeable", remedy=f"Changeable: {', '.join(_CHANGEABLE)}."
        )
    if name in _READERS:
        return _READERS[name](value)
    return value if isinstance(value, bool) else _quota(name, value)


@transaction
def _change(rows: Store, *, name: str, actor: Actor, values: dict[str, Any]) -> Consumer:
    _may(actor)
    consumer = read(rows, name)
    given = {name: _read_value(name, value) for name, value in values.items()}
    wanted = {name: value for name, value in given.items() if value != getattr(consumer, name)}
    if not wanted:
        return consumer
    changed, change = _changed(rows, consumer, **wanted)
    rows.apply(Plan((change,), (noted("changed", consumer_id=consumer.id, actor=actor, data=wanted),)))
    return changed


def change(database: Database, *, name: str, actor: Actor, **values: Any) -> Consumer:
    """Change what was agreed with a consumer: ``category``, ``scopes``, ``purpose``, ``bulk``, ``told``, ``three_legged``, quotas.

    It counts within a second in every process; tokens keep only what both they and the consumer have. Raises as
    :func:`create`, ``NotFound`` (``no_such_consumer``), ``BadInput`` (``not_changeable``: name and sandbox stay).
    """
    changed = _change(database, name=name, actor=actor, values=values)
    roll.forget(database)
    return changed


@transaction
def _end(rows: Store, *, name: str, actor: Actor) -> Consumer:
    _may(actor)
    consumer, now = read(rows, name), clock.now()
    ended, change = _changed(rows, consumer, ended_at=now)
    keys = rows.some(ConsumerKey, {"consumer_id": consumer.id, "ended_at": None})
    closing = (Change(ConsumerKey, {"id": key.id, "ended_at": None}, {"ended_at": now}) for key in keys)
    rows.apply(Plan((change, *closing), (noted("ended", consumer_id=consumer.id, actor=actor),)))
    return ended


def end(database: Database, *, name: str, actor: Actor) -> Consumer:
    """A consumer ends: its keys and tokens are worth nothing within a second. Raises ``NotFound``, ``Refused`` (``no_right``)."""
    ended = _end(database, name=name, actor=actor)
    roll.forget(database)
    return ended


@transaction
def add_key(rows: Store, *, name: str, actor: Actor, public_jwk: Json | None = None) -> Json:
    """One more key for a consumer; returns the private JWK, empty when it gave its own ``public_jwk``.

    Raises ``NotFound``, ``BadInput`` (``bad_key``), ``Refused`` (``too_many_keys``, ``key_taken``, ``no_right``).
    """
    _may(actor)
    return _add_key(rows, read(rows, name), public_jwk, actor)


@transaction
def end_key(rows: Store, *, name: str, kid: str, actor: Actor) -> None:
    """A key of a consumer is not taken any more. Raises ``NotFound`` (``no_such_consumer``, ``no_such_key``)."""
    _may(actor)
    consumer = read(rows, name)
    key = rows.one(ConsumerKey, {"consumer_id": consumer.id, "kid": kid, "ended_at": None})
    if key is None:
        raise NotFound("this consumer has no such key", code="no_such_key", remedy="See 'lastcall consumer keys list'.")
    ended = Change(ConsumerKey, {"id": key.id, "ended_at": None}, {"ended_at": clock.now()})
    rows.apply(Plan((ended,), (noted("key_ended", consumer_id=consumer.id, actor=actor, data={"key": key.id}),)))


@transaction
def keys(rows: Store, *, name: str) -> tuple[ConsumerKey, ...]:
    """The keys of a consumer, oldest first, the ended ones included. Raises ``NotFound``."""
    return tuple(rows.some(ConsumerKey, {"consumer_id": read(rows, name).id}, order="id"))


@transaction
def hash_key(rows: Store, consumer_id: int) -> bytes:
    """The 32 bytes under which this consumer hashes numbers (``lookup/hashing.py``). Raises ``NotFound``."""
    consumer = rows.one(Consumer, {"id": consumer_id, "ended_at": None})
    if consumer is None:
        raise NotFound("no such consumer", code="no_such_consumer", remedy="See 'lastcall consumer list'.")
    return _opened(consumer)


def _opened(consumer: Consumer) -> bytes:
    return base64.urlsafe_b64decode(unseal(consumer.sealed_hash_key, bound_to=_hash_bound(consumer.id)))


@transaction
def rotate_hash_key(rows: Store, *, name: str, actor: Actor) -> bytes:
    """A fresh hash key; hashes under the old one match nothing any more. Raises ``NotFound``, ``Refused`` (``no_right``)."""
    _may(actor)
    consumer = read(rows, name)
    changed, change = _changed(rows, consumer, sealed_hash_key=seal(new_key(), bound_to=_hash_bound(consumer.id)))
    rows.apply(Plan((change,), (noted("hash_key", consumer_id=consumer.id, actor=actor),)))
    return _opened(changed)

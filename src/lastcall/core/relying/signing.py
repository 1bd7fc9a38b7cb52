"""What this installation signs: access tokens, and evidence for relying parties, as compact JWS (RFC 7515) with ES256.

Keys are made here, kept sealed, and changed by :func:`rotate`. A retired key's public half stays published, because what it
signed is evidence for years.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from lastcall.core import clock
from lastcall.core.actor import WORKER, Actor
from lastcall.core.audit.event import Event
from lastcall.core.errors import Conflict, Refused
from lastcall.core.keyed import seal, unseal
from lastcall.core.plan import Change, Insert, Plan, Write
from lastcall.core.relying import jose
from lastcall.core.relying.roll import PerDatabase
from lastcall.core.relying.signing_key import SigningKey
from lastcall.core.rows import Json
from lastcall.core.store import Database, Store, transaction

EVIDENCE: Final = "lookup-evidence+jwt"
"""The ``typ`` of signed answers: no access token has it, so that none can be taken for the other (RFC 8725, 3.11)."""
_USE: Final = "signing"
_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class _Held:
    """The keys as this process knows them, for a few seconds."""

    kid: str
    key: jose.Key
    public: dict[str, jose.Key]
    read_at: float


class _Ring:
    held: _Held | None = None


_rings = PerDatabase(_Ring)


def _bound(key_id: int) -> str:
    return f"relying_signingkey.sealed:{key_id}"


def _new_row() -> SigningKey:
    key, key_id = jose.new_key(), clock.new_id()
    return SigningKey(
        id=key_id, use=_USE, kid=key.thumbprint(), sealed=seal(json.dumps(jose.private(key)), bound_to=_bound(key_id)),
        public=jose.public(key), created_at=clock.now(),
    )  # fmt: skip


def _plan_next(current: SigningKey | None, actor: Actor) -> Plan:
    fresh, now = _new_row(), clock.now()
    writes: tuple[Write, ...] = (Insert(fresh),)
    if current is not None:
        writes = (Change(SigningKey, {"id": current.id, "retired_at": None}, {"retired_at": now}), *writes)
    event = Event(
        at=now, kind="signing.rotated" if current else "signing.begun", subject="signing_key", subject_id=fresh.id,
        actor=str(actor), door=actor.door,
    )  # fmt: skip
    return Plan(writes, (event,))


def _current(rows: Store) -> SigningKey | None:
    return rows.one(SigningKey, {"use": _USE, "retired_at": None})


@transaction
def _read(rows: Store) -> list[SigningKey]:
    return rows.some(SigningKey, {}, order="id")


@transaction
def _begin(rows: Store) -> None:
    if _current(rows) is None:
        rows.apply(_plan_next(None, WORKER))


def _held(database: Database, *, missing: str = "") -> _Held:
    """The keys; read again when they are old, or when ``missing`` is a key id that is not among them."""
    ring: _Ring = _rings.of(database)
    held = ring.held
    if held is None or clock.ticks() - held.read_at > _SECONDS or (missing and missing not in held.public):
        held = ring.held = _from(_all(database))
    return held


def _all(database: Database) -> list[SigningKey]:
    found = _read(database)
    if not any(one.retired_at is None for one in found):
        with suppress(Conflict):  # another process may begin with its own at this very moment
            _begin(database)
        found = _read(database)
    return found


def _from(found: list[SigningKey]) -> _Held:
    current = next(one for one in reversed(found) if one.retired_at is None)
    key = jose.load(json.loads(unseal(current.sealed, bound_to=_bound(current.id))))
    return _Held(current.kid, key, {one.kid: jose.load(one.public) for one in found}, clock.ticks())


def sign(database: Database, payload: Json, *, typ: str = EVIDENCE) -> str:
    """``payload`` as a compact JWS under the present key, its id in the header; the first key is made when there is none."""
    held = _held(database)
    return jose.sign(held.key, payload, kid=held.kid, typ=typ)


def verify(database: Database, text: str, *, typ: str) -> Json:
    """The claims of what this installation signed with this ``typ``. Raises ``Refused`` (``bad_token``)."""
    header = jose.header_of(text)
    kid = str(header.get("kid", ""))
    key = _held(database, missing=kid if len(kid) < 64 else "").public.get(kid)
    if key is None or header.get("typ") != typ:
        raise Refused("this was not signed here", code="bad_token", remedy="Ask for a new one.")
    return jose.verify(text, key).claims


def public_keys(database: Database) -> Json:
    """The JWK Set (RFC 7517, 5) of all keys, the retired ones included."""
    _all(database)
    return {"keys": [one.public for one in _read(database)]}


@transaction
def _rotate(rows: Store, *, actor: Actor) -> None:
    rows.apply(_plan_next(_current(rows), actor))


def rotate(database: Database, *, actor: Actor) -> str:
    """Sign with a fresh key from now on (other processes follow within seconds); returns its id."""
    _rotate(database, actor=actor)
    _rings.of(database).held = None
    return _held(database).kid

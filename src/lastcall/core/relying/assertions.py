"""Assertions by which consumers show who they are, or for which line they want a token (RFC 7523, sections 2.2 and 2.1).

Signed by a registered key, addressed to us, at most five minutes long, and good for one use.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from lastcall.core import clock
from lastcall.core.errors import BadInput, Conflict, Refused
from lastcall.core.keyed import keyed_hash
from lastcall.core.plan import Insert, Plan, Remove
from lastcall.core.relying import jose
from lastcall.core.relying.consumer import Consumer
from lastcall.core.relying.consumer_key import ConsumerKey
from lastcall.core.relying.used_assertion import UsedAssertion
from lastcall.core.rows import Json
from lastcall.core.store import Database, Store, transaction

LONGEST: Final = timedelta(seconds=300)
"""CAMARA Security and Interoperability Profile, sections Client Authentication and JWT Bearer Flow."""
_SKEW: Final = timedelta(seconds=10)
_LONGEST_JTI: Final = 256
_LATEST: Final = 4_102_444_800  # the year 2100; beyond any assertion, within what a datetime holds


@dataclass(frozen=True, slots=True)
class Shown:
    """Who showed an assertion, and what it says."""

    consumer: Consumer
    claims: Json


def show(database: Database, text: str, *, audiences: Collection[str], grant: bool) -> Shown:
    """Check an assertion and use it up. ``grant``: it asks for a token about a line, and so is not about the consumer itself.

    Raises ``Refused`` (``bad_assertion``), in the same words whatever is wrong: who has no key is told nothing.
    """
    try:
        shown, expires_at = _checked(database, text, audiences, grant)
        _use_up(database, consumer_id=shown.consumer.id, jti=str(shown.claims["jti"]), expires_at=expires_at)
    except (Refused, BadInput, Conflict) as trouble:
        raise Refused(
            "the assertion is not valid, or was used before", code="bad_assertion",
            remedy="Sign a fresh one with a registered key, addressed to the token endpoint, for at most 300 s.",
        ) from trouble  # fmt: skip
    return shown


def _checked(database: Database, text: str, audiences: Collection[str], grant: bool) -> tuple[Shown, datetime]:
    said = jose.claims_of(text)
    consumer, keys = _of_client(database, client_id=said.get("iss"))
    claims = _signed(text, keys)
    expires_at = _times_hold(claims, grant)
    if not grant and claims.get("sub") != consumer.client_id:
        raise _no("sub")
    if not _addressed(claims.get("aud"), audiences):
        raise _no("aud")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 1 <= len(jti) <= _LONGEST_JTI:
        raise _no("jti")
    return Shown(consumer, claims), expires_at


def _no(claim: str) -> Refused:
    return Refused(f"the claim {claim} does not hold", code="bad_assertion")


@transaction
def _of_client(rows: Store, *, client_id: Any) -> tuple[Consumer, list[ConsumerKey]]:
    if not isinstance(client_id, str) or not client_id.isascii() or not client_id.isdigit() or len(client_id) > 19:
        raise _no("iss")
    consumer = rows.one(Consumer, {"id": min(int(client_id), 2**63 - 1), "ended_at": None})
    if consumer is None:
        raise _no("iss")
    return consumer, rows.some(ConsumerKey, {"consumer_id": consumer.id, "ended_at": None})


def _signed(text: str, keys: list[ConsumerKey]) -> Json:
    """The claims, signed by one of the consumer's own keys: the one that the header names, or, where it names none, any."""
    named = jose.header_of(text).get("kid")
    for key in keys:
        if named in (None, key.kid):
            try:
                return jose.verify(text, jose.load(key.public)).claims
            except Refused:
                continue
    raise _no("signature")


def _times_hold(claims: Json, grant: bool) -> datetime:
    now = clock.now()
    expires_at, issued_at = _moment(claims, "exp"), _moment(claims, "iat", needed=grant)
    assert expires_at is not None
    if not now < expires_at <= now + LONGEST:
        raise _no("exp")
    if issued_at is not None and (
        issued_at > now + (timedelta(0) if grant else _SKEW) or expires_at - issued_at > LONGEST
    ):
        raise _no("iat")
    begins = _moment(claims, "nbf", needed=False)
    if begins is not None and begins > now + _SKEW:
        raise _no("nbf")
    return expires_at


def _moment(claims: Json, name: str, *, needed: bool = True) -> datetime | None:
    """A NumericDate (RFC 7519, section 2)."""
    value = claims.get(name)
    if value is None and not needed:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LATEST:
        raise _no(name)
    return datetime.fromtimestamp(value, UTC)


def _addressed(audience: Any, audiences: Collection[str]) -> bool:
    given = audience if isinstance(audience, list) else [audience]
    return any(isinstance(one, str) and one in audiences for one in given)


@transaction
def _use_up(rows: Store, *, consumer_id: int, jti: str, expires_at: datetime) -> None:
    row = UsedAssertion(
        consumer_id=consumer_id, jti_hash=keyed_hash("relying.jti", str(consumer_id), jti), expires_at=expires_at
    )
    if rows.one(UsedAssertion, {"consumer_id": consumer_id, "jti_hash": row.jti_hash}) is not None:
        raise _no("jti")
    rows.apply(Plan((Insert(row),)))


@transaction
def forget(rows: Store, *, most: int = 1_000) -> int:
    """Forget assertions that have expired; returns how many. To be called again and again."""
    over = rows.some(UsedAssertion, {"expires_at__lte": clock.now()}, order="expires_at", limit=most)
    gone = (Remove(UsedAssertion, {"consumer_id": one.consumer_id, "jti_hash": one.jti_hash}) for one in over)
    rows.apply(Plan(tuple(gone)))
    return len(over)

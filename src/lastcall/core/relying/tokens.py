"""Access tokens: signed JWTs (RFC 9068) that this installation gives and takes.

A verified token is remembered by its hash until it expires, or until its consumer changes; a check of a signature costs more
than a look-up. A three-legged token is bound to a *tenure*: whether that still lasts is asked every time.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.conf import settings

from lastcall.core import clock
from lastcall.core.errors import LastcallError, Refused
from lastcall.core.keyed import keyed_hash, seal, unseal
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.relying import signing
from lastcall.core.relying.access import Access
from lastcall.core.relying.consumer import Consumer
from lastcall.core.relying.roll import PerDatabase, roll_of
from lastcall.core.rows import Json
from lastcall.core.store import Database

TYPE: Final = "at+jwt"
LIFETIME: Final = timedelta(minutes=15)
"""How long an access token lasts; there are no refresh tokens (CAMARA Security and Interoperability Profile, JWT bearer flow)."""
_TENURE, _NUMBER = "tenure", "number"
_MOST: Final = 20_000


def issuer() -> str:
    """Who gives tokens (RFC 9068, 2.2): this installation's public address."""
    return f"https://{settings.LASTCALL_PUBLIC_HOST}" if settings.LASTCALL_PUBLIC_HOST else "http://localhost"


@dataclass(frozen=True, slots=True)
class _Verified:
    access: Access
    revision: int


class _Verifieds:
    """Verified tokens by hash; when there are too many, all are forgotten and verified again as they come."""

    def __init__(self) -> None:
        self._by_hash: dict[bytes, _Verified] = {}
        self._lock = threading.Lock()

    def get(self, key: bytes) -> _Verified | None:
        return self._by_hash.get(key)

    def put(self, key: bytes, verified: _Verified) -> None:
        with self._lock:
            if len(self._by_hash) >= _MOST:
                self._by_hash.clear()
            self._by_hash[key] = verified


_verifieds = PerDatabase(_Verifieds)


def issue(
    database: Database, *, consumer: Consumer, scopes: Sequence[str], msisdn: int | None = None, expired: bool = False,
    purpose: str = "",
) -> str:  # fmt: skip
    """An access token for ``scopes`` (those it has among them, else ``Refused`` ``bad_scope``) and the consumer's purpose.

    ``msisdn``: three-legged, bound to whoever holds the number now; raises ``Refused`` (``no_holder``) when nobody does.
    ``expired``: one whose time is over, for tests.
    """
    if strange := sorted(set(scopes) - set(consumer.scopes.split())):
        raise Refused(
            f"this consumer does not have the scope {strange[0]}", code="bad_scope", remedy="Ask for its own."
        )
    now = clock.now() - (2 * LIFETIME if expired else timedelta(0))
    token_id = clock.token(130)
    claims = _claims(consumer, scopes, purpose or consumer.purpose, now, token_id)
    if msisdn is not None:
        claims |= _line(database, consumer, msisdn, token_id)
    return signing.sign(database, claims, typ=TYPE)


def _claims(consumer: Consumer, scopes: Sequence[str], purpose: str, now: datetime, token_id: str) -> Json:
    return {
        "iss": issuer(), "aud": issuer(), "sub": consumer.client_id, "client_id": consumer.client_id,
        "iat": int(now.timestamp()), "exp": int((now + LIFETIME).timestamp()), "jti": token_id,
        "scope": " ".join([*sorted(set(scopes)), purpose]),
    }  # fmt: skip


def _line(database: Database, consumer: Consumer, msisdn: int, token_id: str) -> Json:
    """The line, sealed: a tenure's id would tell when it began. The subject is a name for it that only this consumer gets."""
    if consumer.sandbox:
        about = f"{_NUMBER}:{msisdn}"
    else:
        tenure = database.transact(lambda rows: rows.one(Tenure, {"msisdn": msisdn, "until": None}))
        if tenure is None:
            raise Refused(
                "nobody holds this number now", code="no_holder", remedy="Give the number of a line in service."
            )
        about = f"{_TENURE}:{tenure.id}"
    subject = keyed_hash("relying.subject", consumer.client_id, about)[:32]
    return {"sub": subject, "line": seal(about, bound_to=f"access_token:{token_id}")}


def _unauthenticated() -> Refused:
    return Refused(
        "the access token is missing, not valid, or expired", code="unauthenticated", remedy="Get a new one."
    )


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="surrogatepass")).digest()


def known(database: Database, text: str) -> Access | None:
    """What a token that was verified before lets do, without asking the database; None: :func:`verify` must say."""
    found = _verifieds.of(database).get(_hash(text))
    if found is None or found.access.tenure_id is not None or found.access.expires_at <= clock.now():
        return None
    consumer = roll_of(database).known(found.access.consumer_id)
    return found.access if consumer is not None and consumer.revision == found.revision else None


def verify(database: Database, text: str) -> Access:
    """What the token lets do. Raises ``Refused`` (``unauthenticated``) for one that is forged, expired, of a consumer that
    ended, or about a tenure that has."""
    key = _hash(text)
    verifieds: _Verifieds = _verifieds.of(database)
    found = verifieds.get(key) or _read(database, text)
    consumer = roll_of(database).consumer(database, found.access.consumer_id)
    if consumer is None or found.access.expires_at <= clock.now():
        raise _unauthenticated()
    if consumer.revision != found.revision:
        found = _Verified(_narrowed(found.access, consumer), consumer.revision)
    _still_held(database, found.access)
    verifieds.put(key, found)
    return found.access


def _narrowed(access: Access, consumer: Consumer) -> Access:
    """What a token of an earlier revision is still worth. A scope that is given back needs a new token."""
    return replace(access, scopes=access.scopes & frozenset(consumer.scopes.split()), category=consumer.category)


def _still_held(database: Database, access: Access) -> None:
    if access.tenure_id is None:
        return
    where = {"id": access.tenure_id, "until": None}
    if database.transact(lambda rows: rows.one(Tenure, where)) is None:
        raise _unauthenticated()


def _read(database: Database, text: str) -> _Verified:
    try:
        claims = signing.verify(database, text, typ=TYPE)
        consumer = roll_of(database).consumer(database, int(claims["client_id"]))
        if consumer is None or claims["iss"] != issuer() or claims["aud"] != issuer():
            raise _unauthenticated()
        return _Verified(_access(database, claims, consumer), consumer.revision)
    except (KeyError, ValueError, TypeError, OverflowError, LastcallError) as trouble:
        raise _unauthenticated() from trouble


def _access(database: Database, claims: Json, consumer: Consumer) -> Access:
    words = str(claims["scope"]).split()
    tenure_id, msisdn = _about(database, claims)
    return Access(
        consumer_id=consumer.id, name=consumer.name, category=consumer.category,
        scopes=frozenset(words) & frozenset(consumer.scopes.split()),
        purpose=next((word for word in words if word.startswith("dpv:")), consumer.purpose),
        tenure_id=tenure_id, msisdn=msisdn, sandbox=consumer.sandbox,
        expires_at=datetime.fromtimestamp(int(claims["exp"]), UTC),
    )  # fmt: skip


def _about(database: Database, claims: dict[str, Any]) -> tuple[int | None, int | None]:
    if "line" not in claims:
        return None, None
    kind, _, value = unseal(str(claims["line"]), bound_to=f"access_token:{claims['jti']}").partition(":")
    if kind == _NUMBER:
        return None, int(value)
    tenure = database.transact(lambda rows: rows.one(Tenure, {"id": int(value)}))
    if tenure is None:
        raise _unauthenticated()
    return tenure.id, tenure.msisdn

"""An answer as evidence: a compact JWS (RFC 7515) that says what was asked, by whom, and what was answered when.

Whoever keeps it can show later, to anybody who has the operator's public keys, on what they relied.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from lastcall.core import clock, keyed
from lastcall.core.errors import BadInput, Refused
from lastcall.core.relying import jose, signing, tokens
from lastcall.core.relying.access import Access
from lastcall.core.rows import Json
from lastcall.core.store import Database

ANSWER: Final = "lookup.answer"
CORRECTION: Final = "lookup.correction"
KINDS: Final = (ANSWER, CORRECTION)
_CLAIMS: Final = ("iss", "aud", "iat", "jti", "kind")


@dataclass(frozen=True, slots=True)
class Statement:
    """What a document states that holds: ``issuer`` told it to ``audience`` at ``issued_at`` (seconds since 1970).

    ``kind``: one of :data:`KINDS`; ``said``: what was asked and answered, as in the answer without a signature.
    """

    issuer: str
    audience: str
    issued_at: int
    id: str
    kind: str
    key_id: str
    said: Json


def sign(database: Database, said: Json, *, kind: str, access: Access) -> str:
    """``said`` as a compact JWS with issuer, audience (the relying party's name), time and an id (RFC 7519, 4.1).

    What a sandbox is told says so: it states nothing about a real number.
    """
    payload = said | {
        "kind": kind, "iss": tokens.issuer(), "aud": access.name, "iat": int(clock.now().timestamp()),
        "jti": clock.token(120),
    }  # fmt: skip
    return signing.sign(database, payload | ({"sandbox": True} if access.sandbox else {}), typ=signing.EVIDENCE)


def read_document(text: str) -> str:
    """The compact JWS in what was kept: the JWS alone, or the JSON answer that has it as ``evidence``.

    Raises ``BadInput`` (``not_evidence``).
    """
    plain = text.strip()
    if not plain.startswith("{"):
        return plain
    try:
        found = json.loads(plain).get("evidence")
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, str):
        raise _no_evidence()
    return found


def verify(text: str, *, keys: Json, issuer: str = "", audience: str = "") -> Statement:
    """What the compact JWS ``text`` states, checked against a JWKS (RFC 7517).

    ``issuer``, ``audience``: who must have issued it, and to whom; empty: anybody. Raises ``BadInput`` (``not_evidence``,
    ``bad_keys``) and ``Refused`` (``unknown_key``, ``altered``, ``another_issuer``, ``another_audience``).
    """
    statement = _statement(text, _public_keys(keys))
    if issuer and statement.issuer.rstrip("/") != issuer.rstrip("/"):
        raise Refused("another issuer signed this", code="another_issuer", remedy="Check whose evidence it should be.")
    if audience and not keyed.same(statement.audience, audience):
        raise Refused("this was told to somebody else", code="another_audience", remedy="Check to whom it was told.")
    return statement


def _public_keys(keys: Json) -> dict[str, Json]:
    found = keys.get("keys") if isinstance(keys, dict) else None
    if not isinstance(found, list) or not all(isinstance(key, dict) for key in found):
        raise BadInput("these are no public keys", code="bad_keys", remedy="Save the operator's /oauth2/jwks as it is.")
    return {str(key.get("kid")): key for key in found}


def _statement(text: str, keys: dict[str, Json]) -> Statement:
    try:
        header = jose.header_of(text)
    except (Refused, UnicodeEncodeError) as trouble:
        raise _no_evidence() from trouble
    if header.get("typ") != signing.EVIDENCE:
        raise _no_evidence()
    key_id = str(header.get("kid"))
    if key_id not in keys:
        raise Refused(
            "it was signed with a key that is not among these", code="unknown_key",
            remedy="Fetch the operator's /oauth2/jwks again; a key that is not there is not the operator's.",
        )  # fmt: skip
    try:
        said = jose.verify(text, jose.load(keys[key_id])).claims
    except Refused as trouble:
        raise Refused(
            "the signature does not belong to what is written: it was altered, or signed by somebody else",
            code="altered", remedy="Ask whoever gave it to you for the original.",
        ) from trouble  # fmt: skip
    return _read(said, key_id)


def _read(said: Json, key_id: str) -> Statement:
    if not _whole(said, _CLAIMS) or said["kind"] not in KINDS or not isinstance(said["iat"], int):
        raise _no_evidence()
    taken: dict[str, Any] = {name: said[name] for name in _CLAIMS}
    rest = {name: value for name, value in said.items() if name not in taken}
    return Statement(
        issuer=str(taken["iss"]), audience=str(taken["aud"]), issued_at=taken["iat"], id=str(taken["jti"]),
        kind=str(taken["kind"]), key_id=key_id, said=rest,
    )  # fmt: skip


def _whole(said: Json, names: Iterable[str]) -> bool:
    return all(name in said for name in names)


def _no_evidence() -> BadInput:
    return BadInput(
        "this is no signed answer of a look-up", code="not_evidence",
        remedy="Give the document as it was received: three parts with dots between, or the JSON answer around them.",
    )  # fmt: skip

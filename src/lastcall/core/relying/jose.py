"""JOSE as relying parties use it here: ES256, and Ed25519 under its two names; no other algorithm, and never ``none``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey
from joserfc.jws import JWSRegistry, extract_compact

from lastcall.core.errors import BadInput, Refused
from lastcall.core.rows import Json

ALGORITHMS: Final = {"P-256": ("ES256",), "Ed25519": ("EdDSA", "Ed25519")}
"""Curve -> the algorithms that a key on it may be used with (RFC 7518, 3.1; RFC 8037; RFC 9864)."""
NAMES: Final = tuple(name for names in ALGORITHMS.values() for name in names)
MOST_BYTES: Final = 8 * 1024

Key = ECKey | OKPKey


class _Registry(JWSRegistry):
    """joserfc warns of the name "EdDSA", which RFC 9864 deprecates but clients still send: it is Ed25519 here, and safe."""

    def get_alg(self, name: str) -> Any:
        if name not in (self.allowed or ()):
            raise BadInput("this algorithm is not taken", code="bad_token", remedy=f"Sign with {', '.join(NAMES)}.")
        return self.algorithms[name]


@dataclass(frozen=True, slots=True)
class Read:
    """A JWT's header and claims."""

    header: Json
    claims: Json


def new_key() -> ECKey:
    """A fresh private key for ES256."""
    return ECKey.generate_key("P-256", private=True)


def public(key: Key) -> Json:
    """The public JWK with ``kid``, ``use`` and ``alg``, as it is published."""
    bare = {name: value for name, value in key.as_dict(private=False).items() if name in {"kty", "crv", "x", "y"}}
    return {**bare, "kid": key.thumbprint(), "use": "sig", "alg": ALGORITHMS[str(bare["crv"])][0]}


def private(key: Key) -> Json:
    """The private JWK, to be handed to its owner once."""
    return {**public(key), "d": key.as_dict(private=True)["d"]}


def load(jwk: Json) -> Key:
    """The key in a JWK (RFC 7517), private or public. Raises ``BadInput`` (``bad_key``)."""
    kinds: dict[object, type[ECKey] | type[OKPKey]] = {("EC", "P-256"): ECKey, ("OKP", "Ed25519"): OKPKey}
    kind = kinds.get((jwk.get("kty"), jwk.get("crv")))
    if kind is None:
        raise _bad_key("its kind is not taken")
    try:
        return kind.import_key(
            {name: str(value) for name, value in jwk.items() if name in {"kty", "crv", "x", "y", "d"}}
        )
    except (JoseError, ValueError, TypeError, KeyError) as trouble:
        raise _bad_key("it cannot be read") from trouble


def sign(key: Key, claims: Json, *, kid: str, typ: str) -> str:
    """``claims`` as a compact JWS (RFC 7515) under ``key``."""
    algorithm = ALGORITHMS[str(key.as_dict(private=False)["crv"])][0]
    header = {"typ": typ, "alg": algorithm, "kid": kid}
    return jwt.encode(header, claims, key, registry=_Registry(algorithms=[algorithm]))


def header_of(text: str) -> Json:
    """The header of a compact JWS whose signature is not checked yet. Raises ``Refused`` (``bad_token``)."""
    return _peek(text)[0]


def claims_of(text: str) -> Json:
    """The claims of a compact JWS whose signature is not checked yet: only to find the key. Raises ``Refused`` (``bad_token``)."""
    return _peek(text)[1]


def _peek(text: str) -> tuple[Json, Json]:
    if len(text) > MOST_BYTES:
        raise _bad_token()
    try:
        parts = extract_compact(text.encode("ascii"))
        header, claims = parts.headers(), json.loads(parts.payload)
    except (JoseError, ValueError, TypeError, RecursionError, AttributeError) as trouble:
        raise _bad_token() from trouble
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise _bad_token()
    return header, claims


def verify(text: str, key: Key) -> Read:
    """The JWT ``text``, which ``key`` signed. Raises ``Refused`` (``bad_token``) whatever is wrong with it."""
    _peek(text)
    allowed = ALGORITHMS[str(key.as_dict(private=False)["crv"])]
    try:
        token = jwt.decode(text, key, registry=_Registry(algorithms=allowed))
    except (JoseError, ValueError, TypeError, RecursionError, BadInput) as trouble:
        raise _bad_token() from trouble
    return Read(dict(token.header), dict(token.claims))


def _bad_token() -> Refused:
    return Refused("this is no token signed by whom it names", code="bad_token", remedy="Ask for a new one.")


def _bad_key(why: str) -> BadInput:
    return BadInput(
        f"this is no key that can be registered: {why}", code="bad_key",
        remedy="Give a public JWK: EC on P-256, or OKP on Ed25519.",
    )  # fmt: skip

"""Keyed hashes and sealed values, all under the installation's one secret.

A keyed hash lets us compare a document number, a code or a reference without keeping it; a sealed value can be opened
again, but only for the row it was sealed for.
"""

from __future__ import annotations

import base64
import hmac
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from lastcall.core import clock
from lastcall.core.errors import LastcallError

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_KEY_ID = "1"


@cache
def _derived(purpose: str, secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=b"lastcall", info=purpose.encode()).derive(secret.encode())


def _key(purpose: str) -> bytes:
    return _derived(purpose, settings.SECRET_KEY)


def keyed_hash(purpose: str, *parts: str) -> str:
    """HMAC-SHA256 of ``parts`` under the key for ``purpose``, as 64 hexadecimal digits; no part can run into the next."""
    message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
    return hmac.digest(_key(purpose), message, "sha256").hex()


def derived_token(purpose: str, *parts: str, bits: int = 80) -> str:
    """A token of ``bits`` bits in Crockford's base 32 that only this installation can derive from ``parts``."""
    value = int(keyed_hash(purpose, *parts), 16) >> (256 - bits)
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in range(bits - 5, -1, -5))


def normal_token(text: str) -> str:
    """A token as typed by a person, in the form it was hashed: no dashes or spaces, I and L read as 1, O as 0."""
    plain = "".join(text.upper().split()).replace("-", "")
    return plain.replace("I", "1").replace("L", "1").replace("O", "0")


def same(left: str, right: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())


def seal(value: str, *, bound_to: str) -> str:
    """Encrypt ``value`` (AES-256-GCM) so that it opens only with the same ``bound_to`` (table, column and row)."""
    nonce = clock.current().random_bits(96).to_bytes(12, "big")
    sealed = AESGCM(_key("seal")).encrypt(nonce, value.encode(), bound_to.encode())
    return f"{_KEY_ID}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"


def unseal(sealed: str, *, bound_to: str) -> str:
    """Open what :func:`seal` closed. Raises :class:`LastcallError` when it was altered, moved, or the key is another."""
    key_id, _, body = sealed.partition(".")
    try:
        raw = base64.urlsafe_b64decode(body)
        if key_id != _KEY_ID:
            raise InvalidTag
        return AESGCM(_key("seal")).decrypt(raw[:12], raw[12:], bound_to.encode()).decode()
    except (InvalidTag, ValueError) as trouble:
        raise LastcallError(
            "a sealed value cannot be opened",
            code="unsealable",
            remedy="Check that LASTCALL_SECRET_KEY (or secret.key in LASTCALL_HOME) is the one it was sealed with.",
        ) from trouble


def new_key() -> str:
    """A fresh key for :func:`seal_bytes`, to be sealed itself: once it is gone, so is what it closed."""
    return base64.urlsafe_b64encode(clock.current().random_bits(256).to_bytes(32, "big")).decode()


def seal_bytes(value: bytes, *, key: str, bound_to: str) -> str:
    """Encrypt ``value`` (AES-256-GCM) under a key of its own, as base64 text."""
    nonce = clock.current().random_bits(96).to_bytes(12, "big")
    sealed = AESGCM(base64.urlsafe_b64decode(key)).encrypt(nonce, value, bound_to.encode())
    return base64.b64encode(nonce + sealed).decode()


def unseal_bytes(sealed: str, *, key: str, bound_to: str) -> bytes:
    """Open what :func:`seal_bytes` closed. Raises :class:`LastcallError` (``unsealable``) when it was altered or moved."""
    try:
        raw = base64.b64decode(sealed)
        return AESGCM(base64.urlsafe_b64decode(key)).decrypt(raw[:12], raw[12:], bound_to.encode())
    except (InvalidTag, ValueError) as trouble:
        raise LastcallError(
            "sealed bytes cannot be opened", code="unsealable", remedy="They were altered, or belong to another row."
        ) from trouble

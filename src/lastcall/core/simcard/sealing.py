"""A backup closed with a secret: at the counter it is sealed beside the reader, and this installation never keeps the secret.

The sealed file: ``LCB1``, 16 bytes by which a secret is checked, 12 bytes of nonce, then AES-256-GCM (NIST SP 800-38D) with its
tag, all before the nonce authenticated with it. Key and check come from the secret's 120 bits by HKDF-SHA256 (RFC 5869), each
under a name of its own, so that neither tells of the other.
"""

from __future__ import annotations

import hmac
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lastcall.core import clock
from lastcall.core.errors import BadInput
from lastcall.core.keyed import normal_token

SECRET_BITS: Final = 120
_MAGIC: Final = b"LCB1"
_CHECK, _NONCE, _TAG = 16, 12, 16
_HEAD: Final = len(_MAGIC) + _CHECK


def seal(packed: bytes) -> tuple[str, bytes]:
    """A new secret of 24 letters and digits (Crockford's base 32), and ``packed`` sealed with it."""
    secret = clock.token(SECRET_BITS)
    nonce = clock.current().random_bits(8 * _NONCE).to_bytes(_NONCE, "big")
    head = _MAGIC + check_of(secret)
    return secret, head + nonce + AESGCM(_derived(secret, "key", 32)).encrypt(nonce, packed, head)


def unseal(ciphertext: bytes, secret: str) -> bytes:
    """What was sealed. Raises ``BadInput``: ``not_sealed``, ``wrong_secret`` (also for a file that was altered)."""
    if not hmac.compare_digest(checked(ciphertext), check_of(secret)):
        raise _wrong()
    head, nonce, sealed = ciphertext[:_HEAD], ciphertext[_HEAD : _HEAD + _NONCE], ciphertext[_HEAD + _NONCE :]
    try:
        return AESGCM(_derived(secret, "key", 32)).decrypt(nonce, sealed, head)
    except InvalidTag:
        raise _wrong() from None


def checked(ciphertext: bytes) -> bytes:
    """The bytes by which a secret is checked. Raises ``BadInput`` (``not_sealed``) for what :func:`seal` did not make."""
    if not ciphertext.startswith(_MAGIC) or len(ciphertext) < _HEAD + _NONCE + _TAG:
        raise BadInput("this is no sealed backup", code="not_sealed", remedy="Seal it before it is sent.")
    return ciphertext[len(_MAGIC) : _HEAD]


def check_of(secret: str) -> bytes:
    """What a file sealed with ``secret``, however it is typed, holds as its check."""
    return _derived(secret, "check", _CHECK)


def _derived(secret: str, name: str, length: int) -> bytes:
    about = f"lastcall sim backup {name}".encode()
    plain = normal_token(secret).encode(errors="surrogatepass")
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=about).derive(plain)


def _wrong() -> BadInput:
    return BadInput("the secret does not open this file", code="wrong_secret", remedy="Type it again as it was shown.")

"""Checking second factors: the app's code (RFC 6238), a recovery code, a passkey (W3C Web Authentication)."""

from __future__ import annotations

import base64
import json
from typing import Any, Final

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from lastcall.core import clock
from lastcall.core.database import database
from lastcall.core.staff.tries import is_fresh
from lastcall.doors.desk.signin.accounts import account_of, factor

PERIOD: Final = 30
_TOLERANCE: Final = 1
"""Periods that a phone's clock may be off, either way."""
_SECRET_BITS: Final = 160


def new_secret() -> str:
    """A secret for an authenticator app, in base 32 (RFC 4226, R6: 160 bits)."""
    return base64.b32encode(clock.current().random_bits(_SECRET_BITS).to_bytes(_SECRET_BITS // 8, "big")).decode()


def counter_of(secret: str, code: str) -> int | None:
    """The time step whose code this is, now or one step off; None when it is none."""
    now = int(clock.now().timestamp()) // PERIOD
    steps = range(now - _TOLERANCE, now + _TOLERANCE + 1)
    return next((step for step in steps if compare_user_code(actual=code, expected=_code(secret, step))), None)


def _code(secret: str, step: int) -> str:
    return str(format_hotp_value(hotp_value(secret, step)))


def code_now(secret: str) -> str:
    """What an app with this secret shows now."""
    return _code(secret, int(clock.now().timestamp()) // PERIOD)


def add_app(login: str, secret: str) -> None:
    """The app with this secret is the member's second factor from now on, instead of any before."""
    account = account_of(login)
    Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(account, secret)


def shown_by(login: str, code: str) -> str:
    """Which factor the typed code is: ``totp``, ``recovery``, or empty. A code of either kind works once."""
    app = factor(login, Authenticator.Type.TOTP)
    step = counter_of(decrypt(app.data["secret"]), code) if app is not None else None
    if step is not None:
        found = step
        return "totp" if database().transact(lambda rows: is_fresh(rows, login=login, counter=found)) else ""
    kept = factor(login, Authenticator.Type.RECOVERY_CODES)
    return "recovery" if kept is not None and RecoveryCodes(kept).validate_code(code) else ""


def passkey_options(account: User | None = None) -> str:
    """What a browser needs to ask for a passkey, as JSON: any of ours, or one of ``account``."""
    return json.dumps(_plain(webauthn.begin_authentication(account)))


def new_passkey_options(account: User) -> str:
    """What a browser needs to make a passkey, as JSON; the device must check its owner's finger or PIN."""
    return json.dumps(_plain(webauthn.begin_registration(account, passwordless=True)))


def add_passkey(account: User, *, name: str, answer: str) -> bool:
    """Keep the passkey that a browser made; False when the answer does not belong to what was asked."""
    try:
        credential = json.loads(answer)
        webauthn.parse_registration_response(credential)
        made = webauthn.complete_registration(credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        return False
    if not made.is_user_verified():
        return False
    webauthn.WebAuthn.add(account, name[:60], credential)
    return True


def passkey_of(answer: str, account: User | None = None) -> User | None:
    """Whose passkey signed the answer: of ``account`` where given, else of whom the passkey itself names; None for nobody."""
    try:
        credential = json.loads(answer)
        webauthn.parse_authentication_response(credential)
        user: Any = account or webauthn.extract_user_from_response(credential)
        used = webauthn.complete_authentication(user, credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        return None
    used.record_usage()
    return user if isinstance(user, User) else None


def _plain(options: dict[str, Any]) -> Any:
    return json.loads(json.dumps(options, default=dict))

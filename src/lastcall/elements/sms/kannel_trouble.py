"""What Kannel's refusals mean. What is wrong with Kannel, or with our account there, is temporary, as with an SMSC."""

from __future__ import annotations

from typing import Final

from lastcall.core.errors import ElementTrouble
from lastcall.elements import network

_MEANINGS: Final = {
    400: (True, "message_refused", "Look into smsbox's log: it says what it misses."),
    403: (
        False,
        "login_refused",
        "Check LASTCALL_KANNEL_USER, the password, and user-allow-ip in Kannel's sendsms-user.",
    ),
    404: (False, "not_taken", "Check that LASTCALL_KANNEL_ADDRESS is smsbox's sendsms-port."),
    503: (False, "queue_full", "See whether bearerbox and its SMSC are up; tried again by itself."),
}


def refused(where: str, status: int) -> ElementTrouble:
    """``status``: of HTTP, not 202."""
    permanent, code, remedy = _MEANINGS.get(status, (False, "not_taken", "Look into smsbox's log."))
    return ElementTrouble(
        f"{where} did not take the message: HTTP {status}.", permanent=permanent, code=code, remedy=remedy
    )


def unreachable(where: str, why: str) -> ElementTrouble:
    """Temporary."""
    return network.unreachable(
        where, why, remedy="Check that smsbox runs and that LASTCALL_KANNEL_ADDRESS is its sendsms-port."
    )


def timed_out(where: str) -> ElementTrouble:
    """Temporary. The message may have been taken; it is handed over again."""
    return network.timed_out(
        where,
        "it may have taken the message or not",
        remedy="Check smsbox and bearerbox. Trying again may bring the message a second time, which is harmless.",
    )


def garbled(where: str) -> ElementTrouble:
    """Temporary."""
    return ElementTrouble(
        f"{where} gave an answer that is no HTTP.",
        permanent=False,
        code="garbled",
        remedy="Check that LASTCALL_KANNEL_ADDRESS is smsbox's sendsms-port.",
    )

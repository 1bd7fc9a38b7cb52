"""What an SMSC's refusals mean (SMPP 3.4, 5.1.3).

What is wrong with the one message is permanent. What is wrong with the SMSC, or with our account there, is temporary, a refused
bind too: it stops every message alike, a person mends it once, and what was waiting then goes out by itself.
"""

from __future__ import annotations

from typing import Final

from smpplib import consts  # type: ignore[import-untyped]

from lastcall.core.errors import ElementTrouble
from lastcall.elements import network

_NUMBER = ("invalid_destination", "Compare the number with the contact on file; it may be out of service.")
_LONG = ("message_too_long", "Make the text shorter, or write to a mail address.")
_NEVER = ("message_refused", "Ask the SMSC's people why they refuse this message.")
_PERMANENT: Final = {
    consts.SMPP_ESME_RINVDSTADR: _NUMBER,
    consts.SMPP_ESME_RINVDSTTON: _NUMBER,
    consts.SMPP_ESME_RINVDSTNPI: _NUMBER,
    consts.SMPP_ESME_RINVMSGLEN: _LONG,
    consts.SMPP_ESME_RX_P_APPN: _NEVER,
    consts.SMPP_ESME_RX_R_APPN: _NEVER,
}
_SENDER = ("sender_refused", "Set LASTCALL_SMS_SENDER to a sender that the SMSC grants to this account.")
_TEMPORARY: Final = {
    consts.SMPP_ESME_RTHROTTLED: ("throttled", "Agree on a higher rate with the SMSC's people if this goes on."),
    consts.SMPP_ESME_RMSGQFUL: ("queue_full", "Ask the SMSC's people if this goes on."),
    consts.SMPP_ESME_RINVSRCADR: _SENDER,
    consts.SMPP_ESME_RINVSRCTON: _SENDER,
    consts.SMPP_ESME_RINVSRCNPI: _SENDER,
}
_NOT_TAKEN: Final = ("not_taken", "Look the status up in the SMSC's manual, and ask its people if this goes on.")


def refused(where: str, status: int) -> ElementTrouble:
    """``status``: the command_status of a submit_sm_resp, not 0."""
    permanent = status in _PERMANENT
    code, remedy = _PERMANENT[status] if permanent else _TEMPORARY.get(status, _NOT_TAKEN)
    return ElementTrouble(
        f"{where} did not take the message: {_words(status)}.", permanent=permanent, code=code, remedy=remedy
    )


def bind_refused(where: str, status: int) -> ElementTrouble:
    """``status``: of a bind_transceiver_resp, not 0. Temporary."""
    return ElementTrouble(
        f"{where} refused to let Lastcall in: {_words(status)}.",
        permanent=False,
        code="bind_refused",
        remedy="Check LASTCALL_SMPP_SYSTEM_ID and the password, and how many connections the account may have.",
    )


def unreachable(where: str, why: str) -> ElementTrouble:
    """Temporary."""
    return network.unreachable(
        where, why, remedy="Check that the SMSC runs and that LASTCALL_SMPP_ADDRESS is its address."
    )


def timed_out(where: str) -> ElementTrouble:
    """Temporary. The message may have been taken; it is handed over again."""
    return network.timed_out(
        where,
        "it may have taken the message or not",
        remedy="Check the SMSC and the way to it. Trying again may bring the message a second time, which is harmless.",
    )


def garbled(where: str) -> ElementTrouble:
    """Temporary."""
    return ElementTrouble(
        f"{where} gave an answer that is no SMPP.",
        permanent=False,
        code="garbled",
        remedy="Check that LASTCALL_SMPP_ADDRESS is the SMSC's SMPP port.",
    )


def _words(status: int) -> str:
    return f"{consts.DESCRIPTIONS.get(status, 'a status of its own')} (command_status 0x{status:08X})"

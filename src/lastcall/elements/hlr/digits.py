"""The two names of a line in the HLR, checked before a byte of them leaves the house.

What passes here goes verbatim into line-based protocols without quoting, so only ASCII digits may pass.
"""

from __future__ import annotations

import re

from lastcall.core.errors import BadInput

_IMSI = re.compile(r"[0-9]{6,15}")
_MSISDN = re.compile(r"[0-9]{3,15}")
_LONG_RUN = re.compile(r"[0-9]{5,}")


def require_imsi(text: str) -> str:
    """``text`` if it is an IMSI of 6 to 15 digits (3GPP TS 23.003, 2.2), else :class:`BadInput`."""
    if not _IMSI.fullmatch(text):
        raise BadInput(
            f"An IMSI has 6 to 15 digits and nothing else; this one has {len(text)} characters.",
            code="bad_imsi",
            remedy="Give the IMSI as it stands on the SIM's record, digits only.",
        )
    return text


def require_msisdn(text: str) -> str:
    """``text`` if it is an MSISDN of 3 to 15 digits without ``+`` (ITU-T E.164), else :class:`BadInput`."""
    if not _MSISDN.fullmatch(text):
        raise BadInput(
            f"An MSISDN has 3 to 15 digits and nothing else; this one has {len(text)} characters.",
            code="bad_msisdn",
            remedy="Give the number with its country code, without + and without spaces.",
        )
    return text


def tail(number: str) -> str:
    """The last four digits, the most that an error or a log may show."""
    return f"…{number[-4:]}"


def scrub(text: str) -> str:
    """An element's own words made fit for an error: one short line, long runs of digits cut to their tail."""
    line = " ".join(text.split())[:160]
    return _LONG_RUN.sub(lambda run: tail(run.group()), line)

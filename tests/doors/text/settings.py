"""The settings of an installation whose SMS go through the tests' SMSC."""

from __future__ import annotations

from tests.smsc import SYSTEM_ID

NUMBER = "0000"
"""To which people text."""


def by_smpp(port: int) -> dict[str, str]:
    """All but the password, which is in the environment."""
    return {
        "LASTCALL_SMS": "smpp", "LASTCALL_SMPP_ADDRESS": f"127.0.0.1:{port}", "LASTCALL_SMPP_SYSTEM_ID": SYSTEM_ID,
        "LASTCALL_SMS_SENDER": "Lastcall", "LASTCALL_TEXT_NUMBER": NUMBER, "LASTCALL_PUBLIC_HOST": "lastcall.example",
    }  # fmt: skip

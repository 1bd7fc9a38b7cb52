"""The words of the counter that visitors and clerks both read, each in their own language."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

PURPOSES: Final[dict[str, Words]] = {
    "close_line": _("Close my line"),
    "pay": _("Pay"),
    "ask": _("Ask about a closing"),
    "other": _("Something else"),
}
"""Purpose -> what the visitor wants."""

AT_HAND: Final[dict[str, tuple[tuple[str, Words], ...]]] = {
    "close_line": (
        ("document", _("The original of the identity document with which the agreement was made.")),
        ("sim", _("The SIM card. If it is in the phone, we take it out together.")),
        ("pin", _("Take the PIN off the SIM: in the settings of the phone. Never tell the PIN to anybody.")),
        ("arrears", _("Money or a bank card, in case something is still to be paid for services.")),
    ),
    "pay": (
        ("document", _("The original of the identity document with which the agreement was made.")),
        ("arrears", _("Money or a bank card, in case something is still to be paid for services.")),
    ),
    "ask": (
        ("document", _("The original of the identity document with which the agreement was made.")),
        ("reference", _("The reference of the closing, if you have one.")),
    ),
    "other": (),
}
"""Purpose -> what to have at hand: a code and the words."""

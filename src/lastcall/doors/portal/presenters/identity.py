"""When a code may not come, as the operator's pack knows it."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lastcall.core.policies.pack import Pack
from lastcall.doors.screens.wording import Told, advice

_UNRELIABLE: Final[dict[str, str | Promise]] = {
    "line_blocked": _("A line that is blocked gets no text messages: choose another place for the code."),
    "within_24_hours_of_roaming": _(
        "In the 24 hours after roaming a line may get no text messages: choose another place for the code."
    ),
    "idle_over_72_hours": _(
        "A SIM that was not used for 72 hours may get no text messages at first: choose another place for the code."
    ),
}


def unreliable(pack: Pack, language: str) -> tuple[Told, ...]:
    """When text messages do not come (pack ``sms_otp.unreliable_when``), and what lifts that (``conditions.sms_pause_lift``)."""
    found = [entry for entry in pack.entries("sms_otp.unreliable_when") if entry.key == "sms_otp.unreliable_when"]
    told = [
        Told(str(_UNRELIABLE[code]), entry.is_confirmed)
        for entry in found
        for code in entry.value
        if code in _UNRELIABLE
    ]
    return (*told, *advice(pack, "conditions.sms_pause_lift", language))

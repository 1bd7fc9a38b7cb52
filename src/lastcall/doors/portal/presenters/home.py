"""The start: how long it takes and which other ways there are, from the policy and the pack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lastcall.core.policies.pack import Pack
from lastcall.doors.screens.wording import Told, hours

_WAYS: Final[dict[str, str | Promise]] = {
    "channels.store": gettext_lazy("In a shop, with your document"),
    "channels.hotline": gettext_lazy("By phone"),
    "channels.text": gettext_lazy("By text message"),
    "channels.post": gettext_lazy("By post"),
    "channels.account": gettext_lazy("In your account with the operator"),
}


@dataclass(frozen=True, slots=True)
class HomePage:
    """What the start tells."""

    how_long: str
    other_ways: tuple[Told, ...]


def home_page(pack: Pack) -> HomePage:
    """What the start tells of this operator."""
    policy = pack.policy()
    how_long = _(
        "A few minutes for the declaration. The line is switched off after the checks and a hold of %(default)s or more."
    ) % {"default": hours(policy.hold_hours_default)}
    offered = {entry.key: entry for entry in pack.entries("channels.") if entry.value}
    ways = tuple(Told(str(words), offered[key].is_confirmed) for key, words in _WAYS.items() if key in offered)
    return HomePage(how_long, ways)

"""The words by which people choose a reason and a situation. English here, translated in ``locale/``."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.letters.letter import Words

REASONS: Final[dict[str, Words]] = {
    "leaving": _("I am leaving the country"),
    "unused": _("I no longer use the line"),
    "switching": _("I am moving to another operator"),
    "price": _("It costs too much"),
    "lost": _("The SIM is lost or stolen"),
    "not_mine": _("A number is in my name that I never asked for"),
}
"""For each of :data:`lastcall.core.kit.choices.REASONS`."""
SITUATIONS: Final[dict[str, Words]] = {
    "in_country": _("I am in the country"),
    "abroad": _("I am already abroad"),
    "representative": _("Somebody acts for the holder with a power of attorney"),
    "heir": _("The holder has died"),
    "foreigner": _("I am a foreigner without local papers"),
}
"""For each of :data:`lastcall.core.kit.choices.SITUATIONS`."""

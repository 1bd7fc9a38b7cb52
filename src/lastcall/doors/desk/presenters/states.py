"""The states of a case in a word or two, as staff read them."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

STATES: Final[dict[str, str | Promise]] = {
    "declared": _("Declared"),
    "checking": _("Being checked"),
    "waiting": _("Waiting for the subscriber"),
    "review": _("In review"),
    "on_hold": _("On hold"),
    "ceasing": _("Being switched off"),
    "closed": _("Closed"),
    "withdrawn": _("Withdrawn"),
    "rejected": _("Rejected"),
    "lapsed": _("Lapsed"),
}
"""State of the case's lifecycle -> words."""

"""Words of the auditor's log."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GROUNDS: Final[dict[str, Promise]] = {
    "counter": _("a visit"),
    "call": _("a call"),
    "review": _("a review"),
    "papers": _("papers"),
    "break_glass": _("break-glass"),
    "audit": _("an audit"),
}
ALERTS: Final[dict[str, Promise]] = {
    "staff.unusual_viewing": _("Unusually many files opened"),
    "staff.glass": _("A file was opened in an emergency"),
}
NOTED: Final[dict[str, Promise]] = {
    "staff.refused": _("Refused"),
    "staff.sign_in_failed": _("Wrong at the sign-in"),
    "staff.locked": _("Locked after wrong tries"),
}

"""Moments as a page shows them: for people, for machines, and how long until then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lastcall.core.closing.texts import moment


@dataclass(frozen=True, slots=True)
class Dated:
    """Something at a moment: ``when`` for people, ``machine`` in ISO 8601; ``left``: how long still."""

    text: str
    when: str
    machine: str
    left: str = ""


def dated(text: str, at: datetime, left: str = "") -> Dated:
    """``text`` at that moment."""
    return Dated(text, moment(at), at.isoformat(timespec="seconds"), left)


def time_left(at: datetime, now: datetime) -> str:
    """How long until ``at``, in whole days, else hours, else minutes."""
    left = max(at - now, timedelta(0))
    days, hours, minutes = left.days, left.seconds // 3600, left.seconds // 60
    if days > 0:
        return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
    if hours > 0:
        return ngettext("%(hours)d hour left", "%(hours)d hours left", hours) % {"hours": hours}
    if minutes > 0:
        return ngettext("%(minutes)d minute left", "%(minutes)d minutes left", minutes) % {"minutes": minutes}
    return _("less than a minute left")

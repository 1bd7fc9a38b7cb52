"""The words for the codes that figures are counted by, as staff read them."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from lastcall.doors.desk.presenters.trouble import register

Words = dict[str, str | Promise]

DOORS: Final[Words] = {
    "store": _("Shop"),
    "portal": _("Web"),
    "hotline": _("Hotline"),
    "text": _("Text message"),
    "post": _("Post"),
    "api": _("Other systems"),
    "command": _("Command line"),
    "desk": _("Desk"),
    "system": _("The system itself"),
}
STEPS: Final[Words] = {
    "receipt": _("Copy of the receipt sent"),
    "identity": _("Declaration to identity shown"),
    "acceptance": _("Identity shown to acceptance"),
    "review": _("Decision in review"),
    "cease": _("End of the hold to cease"),
    "refund": _("Cease to refund ordered"),
}
REASONS: Final[Words] = {
    "line_not_known": _("No such line"),
    "identity_missing": _("Identity not shown"),
    "identity_expired": _("Proof of identity too old"),
    "identity_locked": _("Too many wrong answers"),
    "remote_identity": _("Identity shown from afar"),
    "photo_missing": _("Photo missing"),
    "photo_reading": _("Photo being read"),
    "photo_unclear": _("Photo unclear"),
    "photo_differs": _("Photo differs from the agreement"),
    "papers_missing": _("Papers missing"),
    "papers_not_for_closing": _("Papers do not allow closing"),
    "papers_not_notarised": _("Papers not certified by a notary"),
    "death_certificate_missing": _("Death certificate missing"),
    "representative": _("Papers of a representative"),
    "act_not_completed": _("Declaration not signed"),
    "balance_unknown": _("Balance unknown"),
    "arrears": _("Services not paid"),
    "sim_undecided": _("SIM not settled"),
    "sim_pin_on": _("PIN still on the SIM"),
    "frozen": _("Stopped: “this was not me”"),
    "legal_hold": _("Forbidden by court or authority"),
    "line_locked": _("Line lock on"),
    "open_port_out": _("Moving to another operator"),
    "recent_sim_change": _("SIM changed lately"),
    "recent_contact_change": _("Contact changed lately"),
    "recent_title_change": _("Line taken over lately"),
    "no_old_contact": _("No contact long enough on file"),
    "lines_depend": _("Other lines depend on it"),
}
PROOFS: Final[Words] = {"document": _("Document"), "code": _("One-time code")}
OUTCOMES: Final[Words] = {
    "recovered": _("done at a later try"),
    "trying": _("still trying"),
    "gave_up": _("given up"),
}
WORK: Final[Words] = {"queued": _("queued"), "leased": _("in work"), "dead": _("given up")}

register(
    {
        "bad_choice": _("Choose one of the periods, doors and shops of the list."),
        "bad_shop": _("There is no open shop of that name."),
    }
)


def of(words: Words, code: str) -> str:
    """The word for ``code``; the code itself when there is none."""
    return str(words.get(code, code))


def language(code: str) -> str:
    """A language by its own name."""
    return dict(settings.LANGUAGES).get(code, code)


def duration(seconds: int) -> str:
    """A time in the unit that fits: seconds, minutes, hours or days, with one decimal below ten hours or days."""
    if seconds < 60:
        return gettext("%(n)s s") % {"n": seconds}
    if seconds < 3600:
        return gettext("%(n)s min") % {"n": round(seconds / 60)}
    if seconds < 48 * 3600:
        return gettext("%(n)s h") % {"n": _short(seconds / 3600)}
    return gettext("%(n)s d") % {"n": _short(seconds / 86400)}


def _short(value: float) -> str:
    short = round(value, 1)
    whole = value >= 10 or short == int(short)
    return formats.number_format(round(value)) if whole else formats.number_format(short, decimal_pos=1)


def short_day() -> str:
    """How a day without its year is written on an axis, as Django's formats say it."""
    return {"zh-hans": "n/j", "ru": "d.m"}.get(get_language() or "", "j M")


def count(value: int) -> str:
    """A number in the form of the language in force."""
    return formats.number_format(value, force_grouping=True)


def share(part: int, whole: int) -> str:
    """How many of a hundred."""
    return f"{round(100 * part / whole)}\N{NARROW NO-BREAK SPACE}%" if whole else "–"

"""The words for the core's refusals, as staff read them. Each area registers the codes that its own pages can meet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

_WORDS: Final[dict[str, str | Promise]] = {
    "no_right": _("This page is not part of your work."),
    "other_shop": _("That belongs to another shop."),
    "has_left": _("This account is closed. Ask an administrator."),
    "not_found": _("There is no such thing, or it is not yours to see."),
    "not_open": _("This file is not open to you. Open it again, with a reason."),
    "conflict": _("Somebody else was quicker. Look at it again and decide anew."),
    "not_allowed": _("That cannot be done any more: the case has moved on."),
    "four_eyes": _("Whoever opened or verified a case does not decide it. Another person must."),
    "identity_locked": _("Too many wrong answers. Only the original document in a shop helps now."),
    "frozen": _("The case is stopped: somebody said that this was not them. The holder must be asked first."),
    "bad_reason": _("Choose one of the reasons."),
}


def register(words: Mapping[str, str | Promise]) -> None:
    """Words for more codes. Raises ``ValueError`` when a code has other words already."""
    for code, said in words.items():
        if str(_WORDS.get(code, said)) != str(said):
            raise ValueError(f"{code} has words already")
    _WORDS.update(words)


def trouble(code: str) -> str:
    """What to read for ``code``."""
    known = _WORDS.get(code)
    if known is not None:
        return str(known)
    return gettext("That was refused (%(code)s). Nothing was changed.") % {"code": code}

"""The words of papers by post."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lastcall.doors.desk.presenters.trouble import register

register(
    {
        "already_arrived": _("This sheet was scanned in before. You can open it again below."),
        "no_line": _("No line of ours is known under this declaration. Keep the papers with the case."),
        "no_such_sheet": _("No cover sheet has this barcode. Scan it again, or type what is printed under it."),
        "not_this_ground": _("Scan the cover sheet first."),
    }
)

"""What a refusal of the core means to the reader, and what they can do about it. Keys are codes of ``core/errors.py``."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

_OTHERWISE: Final[Words] = _(
    "This is not possible now. Look at the closing again, or ask us: we are below under “Help”."
)
TROUBLES: Final[dict[str, Words]] = {
    "conflict": _(
        "Something about the closing changed while this page was open. Nothing was done. Look again, then decide."
    ),
    "not_allowed": _(
        "The closing has moved on, and this is no longer possible. The page of the closing says how it stands."
    ),
    "not_found": _("This cannot be found any more. The page of the closing says how it stands."),
    "too_late": _(
        "The line is being switched off already, so this cannot be done any more. Afterwards you can ask for the number back."
    ),
    "identity_locked": _(
        "Too many answers did not agree. To protect the line, nothing more can be tried here. "
        "Come to any shop of ours with your original document, or call us."
    ),
    "identity_missing": _("First show who you are."),
    "too_many_codes": _(
        "Too many codes were asked for. Wait ten minutes, then ask again; if that does not help, try tomorrow. "
        "A code that has already come still works until its time."
    ),
    "malformed_document_number": _(
        "This cannot be the number of such a document. Type it again as it stands in the document, without the name."
    ),
    "unknown_document_kind": _("Choose a kind of document."),
    "bad_country": _("Choose the country that gave you the document."),
    "begin_first": _("Ask for a code first: give the document and its number."),
    "photo_missing": _("Choose a photo first, then send it."),
    "photo_empty": _("The file is empty. Take the photo again and send it."),
    "photo_too_big": _(
        "The file is too big. Send the photo in a smaller size, or take it anew with a lower resolution."
    ),
    "photo_wrong_type": _(
        "This is not a photo that we can read. Send a JPEG or PNG; a PDF or a HEIC picture is not taken."
    ),
    "photo_broken": _("The picture is damaged, or was cut short on its way. Send it again, or take it anew."),
    "photo_animated": _("The picture moves. Send a still photo, JPEG or PNG."),
    "photo_too_many_dots": _("The picture has too many dots. Send it in a smaller size."),
    "photo_too_small": _("The picture is too small to be read. Take it from nearer, or send it in its full size."),
    "photo_locked": _("The file is locked with a password. Send a plain photo, JPEG or PNG."),
    "photo_not_wanted": _("We need no photo now."),
    "too_many_photos": _("Too many photos were given. Come to any shop of ours with the document, or call us."),
    "no_callbacks": _("No calls can be booked now. Come to a shop, or call us: we are below under “Help”."),
    "slot_taken": _("Somebody else has just taken this time. Choose another one."),
    "not_a_slot": _("This time can no longer be booked. Choose another one."),
    "not_closed": _(
        "The number cannot be asked back: this closing did not end a line, or nobody has shown who they are."
    ),
    "window_over": _("The time in which you could have the number back is over."),
    "already_asked": _("We have your wish already. You need not ask again."),
    "not_offered": _("The rest of a number is not made longer here. It stays as it was announced."),
    "not_resting": _("Too late: the rest of the number is over."),
    "quarantine_over": _("Too late: the rest of the number is over."),
    "bad_refund_method": _("Choose one of the ways shown."),
    "not_staff": _("Only our staff can do that: come to a shop."),
}


def trouble(code: str) -> str:
    """The words for ``code``; calm general ones for a code that has none."""
    return str(TROUBLES.get(code, _OTHERWISE))

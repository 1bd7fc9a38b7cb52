"""The cover sheet for papers by post: where to, what to enclose, and a code by which they are put to their case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.letters.letter import (
    Barcode,
    Blank,
    Blanks,
    Block,
    Heading,
    Item,
    Items,
    Letter,
    Paragraph,
    Row,
    Rows,
    Several,
    Text,
    Words,
    say,
)
from lastcall.core.closing.letters.wording import choice, letter, written
from lastcall.core.errors import BadInput
from lastcall.core.policies.pack import Pack

PAPERS: Final[dict[str, Words]] = {
    "statement": _("the statement, signed"),
    "document_copy": _("a copy of the page of your identity document with your photo"),
    "power_of_attorney": _("the power of attorney, or a copy certified by a notary"),
    "death_certificate": _("the death certificate, or a copy certified by a notary"),
    "translation": _("the translation into Russian, certified by a notary"),
    "sim": _("the SIM, its PIN taken off"),
    "other": _("other papers"),
    "refund_details": _("where the refund shall go: bank, BIC and account in your name"),
}
TOKEN: Final = re.compile(r"LC1-[0-9A-Z-]{4,60}")
"""What the barcode may hold: no secret and no number, only what finds the case."""


def cover_sheet(
    *, token: str, papers: Sequence[str], pack: Pack, language: str, now: datetime, reference: str = ""
) -> Letter:
    """The sheet for the ``papers`` (keys of :data:`PAPERS`). ``token``: what the barcode holds, ``LC1-`` and what finds the case.

    ``reference``: the case's, where the reader has given it. Raises ``BadInput`` (``bad_token``, ``bad_paper``, ``bad_language``,
    ``naive_moment``).
    """
    if not TOKEN.fullmatch(token):
        raise BadInput(
            "this is no token of a cover sheet", code="bad_token", remedy="LC1- and 4 to 60 digits or capitals."
        )
    items = Items(tuple(Item(choice(PAPERS, code, "paper")) for code in papers), mark="box")
    return letter(
        "cover_sheet",
        language=language,
        pack=pack,
        made_at=now,
        title=_("Cover sheet for papers by post"),
        blocks=(
            Paragraph(say(_("Put this sheet on top of your papers. By its code they find their way to your closing."))),
            Barcode(token, caption=say(_("For the operator: scan on arrival."))),
            *((Rows((Row(say(_("Reference")), Text(reference), "code"),)),) if reference else ()),
            Heading(say(_("Where to"))),
            *_address(pack),
            Heading(say(_("What to enclose"))),
            items,
            Paragraph(say(_("Never send originals that you cannot do without, nor codes or passwords."))),
            Paragraph(say(_("Send it so that you get a proof of posting, and keep that."))),
        ),
    )


def _address(pack: Pack) -> tuple[Block, ...]:
    address = written(pack, "contacts.post_address")
    if address is not None:
        whole = Several((Text(pack.entry("operator.legal_name").value), address))
        return (Paragraph(whole, tone="framed"),)
    unknown = say(_("The address is not confirmed. Ask for it in a shop or by phone, and write it here:"))
    return (Paragraph(unknown), Blanks((Blank(say(_("Address"))),)))

"""The frame of every letter of a kit: it comes from no operator and says so by its head."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext_lazy as _

from lastcall.core.closing.letters.letter import (
    LEGAL,
    Block,
    Day,
    Letter,
    Phone,
    Text,
    Three,
    Value,
    Words,
    say,
    unsure_in,
)
from lastcall.core.closing.letters.wording import LEGAL_NOTE, written
from lastcall.core.kit.words import NOT_CONFIRMED, OPERATOR_PHONES
from lastcall.core.policies.pack import Pack
from lastcall.core.subscribers.inputs import aware

_MAKER: Final = Text("Lastcall")


def sheet(
    kind: str,
    *,
    pack: Pack,
    language: str,
    on: date,
    made_at: datetime,
    title: Words,
    blocks: tuple[Block, ...],
    alone: bool = True,
    large: bool = False,
    legal: bool = False,
    whose: Value | None = None,
) -> Letter:
    """One letter of the kit, of the day ``on``. ``alone``, ``large``, ``whose``: as of :class:`Letter`; ``legal``: it
    declares something.

    Raises ``BadInput`` (``naive_moment``).
    """
    phones = _phones(pack) if alone else ()  # what an office reads needs no phone of that office
    return Letter(
        kind=kind,
        language=language,
        made_at=aware(made_at),
        day=Day(on),
        operator=_MAKER,
        brand=say(_("Leaver's kit: %(operator)s"), operator=Three(pack.entry("operator.name").value)),
        title=say(title),
        blocks=blocks,
        phones=phones,
        notes=(
            *((say(NOT_CONFIRMED),) if unsure_in((blocks, phones)) else ()),
            *((LEGAL_NOTE,) if legal and language != LEGAL else ()),
        ),
        alone=alone,
        large=large,
        whose=whose,
    )


def _phones(pack: Pack) -> tuple[Phone, ...]:
    labels = OPERATOR_PHONES.items()
    return tuple(Phone(say(label), found) for key, label in labels if (found := written(pack, key)) is not None)

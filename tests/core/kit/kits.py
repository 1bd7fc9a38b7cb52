"""Kits for tests, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from itertools import product
from typing import Any

from django.utils import translation

from lastcall.core.closing.letters.letter import Block, Heading, Item, Items, Letter, in_language
from lastcall.core.kit.choices import LANGUAGES, REASONS, SITUATIONS
from lastcall.core.kit.details import Details
from lastcall.core.kit.kit import Kit, make_kit
from lastcall.core.kit.operators import pack_of
from lastcall.core.policies.pack import Pack

ON = date(2026, 9, 1)
MADE_AT = datetime(2026, 9, 1, 9, tzinfo=UTC)
ALL = tuple(product(REASONS, SITUATIONS))
LI_WEI = Details(
    name="Li Wei", msisdn=79001234567, document="foreign passport E12345678", born="2001-05-04", address="Moscow",
    contact="li.wei@example.org", account="account 40817",
)  # fmt: skip


def pack(operator: str = "mts") -> Pack:
    return pack_of(operator, on=ON)


def make(
    reason: str = "leaving",
    situation: str = "in_country",
    language: str = "en",
    operator: str = "mts",
    details: Details | None = None,
) -> Kit:
    return make_kit(
        pack=pack(operator),
        language=language,
        reason=reason,
        situation=situation,
        on=ON,
        made_at=MADE_AT,
        details=details,
    )


@cache
def english(reason: str = "leaving", situation: str = "in_country", operator: str = "mts") -> Kit:
    """The kit in English without details, made once."""
    return make(reason, situation, operator=operator)


def part(kit: Kit, kind: str) -> Letter:
    return next(letter for letter in kit.letters if letter.kind == kind)


def text(kit: Kit, kind: str, language: str = "en") -> str:
    """All that one part says."""
    return "\n".join(leaves(in_language(part(kit, kind), language)["blocks"]))


def whole(kit: Kit, language: str = "en") -> str:
    return "\n".join(text(kit, letter.kind, language) for letter in kit.letters)


def leaves(shown: Any) -> Iterator[str]:
    """Every text of a shown letter, in order, without the names of blocks and of their forms."""
    if isinstance(shown, list):
        for each in shown:
            yield from leaves(each)
    elif isinstance(shown, dict):
        for name, value in shown.items():
            if name not in {"is", "mark", "tone", "weight", "ticked", "beside"}:
                yield from leaves(value)
    elif isinstance(shown, str) and shown:
        yield shown


def under_heading(letter: Letter, title: str) -> tuple[Block, ...]:
    """The blocks after the English heading ``title``, up to the next."""
    with translation.override("en"):
        starts = [at for at, block in enumerate(letter.blocks) if isinstance(block, Heading)]
        found = next(at for at in starts if letter.blocks[at].text.shown() == title)  # type: ignore[union-attr]
    end = min((at for at in starts if at > found), default=len(letter.blocks))
    return letter.blocks[found + 1 : end]


def items(blocks: tuple[Block, ...]) -> tuple[Item, ...]:
    return tuple(item for block in blocks if isinstance(block, Items) for item in block.items)


__all__ = ["ALL", "LANGUAGES", "LI_WEI", "ON", "REASONS", "SITUATIONS"]

"""What every part of a kit is made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from lastcall.core.closing.letters.letter import Block, Letter, Words
from lastcall.core.kit.choice import Choice
from lastcall.core.kit.details import Details
from lastcall.core.kit.facts import Facts
from lastcall.core.kit.sheet import sheet
from lastcall.core.policies.pack import Pack


@dataclass(frozen=True, slots=True)
class Request:
    """One kit that somebody wants. ``on``: the day from which dates count."""

    pack: Pack
    language: str
    choice: Choice
    on: date
    made_at: datetime
    details: Details

    def letter(
        self,
        kind: str,
        title: Words,
        blocks: Callable[[Facts], tuple[Block, ...]],
        *,
        alone: bool = True,
        large: bool = False,
    ) -> Letter:
        """A letter of the kit whose ``blocks`` are followed by the sources of the facts that they took."""
        facts = Facts(self.pack)
        said = blocks(facts)
        return sheet(
            kind, pack=self.pack, language=self.language, on=self.on, made_at=self.made_at, title=title,
            blocks=(*said, *facts.sources()), alone=alone, large=large,
        )  # fmt: skip

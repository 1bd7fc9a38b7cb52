"""The demonstration's bank: it knew three people by their numbers, and asks whether the numbers are still theirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from lastcall.core.actor import ADMINISTRATOR, Actor
from lastcall.core.errors import NotFound
from lastcall.core.lookup.coverage import known_since
from lastcall.core.lookup.days import today
from lastcall.core.lookup.evidence import evidences
from lastcall.core.lookup.readings import SEMANTICS
from lastcall.core.relying import consumers
from lastcall.core.store import Store
from lastcall.site.demo.stage import Stage

NAME: Final = "Careful Bank"
_VERA: Final = Actor(ADMINISTRATOR, "vera", "command")


@dataclass(frozen=True, slots=True)
class Noted:
    """What the bank wrote down when somebody opened an account: the number, and the day. ``story``: what the reader saw of it."""

    msisdn: int
    day: date
    story: str


def asks(stage: Stage, noted: Sequence[Noted]) -> list[dict[str, str]]:
    """Each reading's answer to each of what was noted, in order."""

    def read(rows: Store) -> list[dict[str, str]]:
        since = known_since(rows, stage.policy)
        found = evidences(rows, msisdns=[one.msisdn for one in noted], known_since=since)
        return [
            {name: reading(found[one.msisdn], one.day, today=today()) for name, reading in SEMANTICS.items()}
            for one in noted
        ]

    return stage.database.transact(read)


def register(stage: Stage) -> None:
    """The bank may ask, in bulk too, and be told; as it was, when the demonstration is played again."""
    try:
        consumers.by_name(stage.database, name=NAME)
    except NotFound:
        consumers.create(
            stage.database, name=NAME, category="bank", scopes=consumers.SCOPES, purpose=consumers.DEFAULT_PURPOSE, bulk=True,
            told=True, three_legged=True, actor=_VERA,
        )  # fmt: skip


def write_questions(folder: Path, noted: Sequence[Noted]) -> Path:
    """What was noted as a file for ``lastcall check``."""
    path = folder / "bank.csv"
    path.write_text("number,date\n" + "".join(f"+{one.msisdn},{one.day}\n" for one in noted), encoding="utf-8")
    return path

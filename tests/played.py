"""The cast played once in a session, for each test to begin with a copy: several times quicker than to be played again."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from lastcall.core import clock
from lastcall.core.clock import ManualClock
from lastcall.core.database import DjangoDatabase
from lastcall.site.wiring import make_elements, make_worker, provide_elements
from tests.cast import OPEN_FOR, Cast
from tests.databases import opened

START = datetime(2026, 1, 12, 9, tzinfo=UTC)
"""Where the clock of every test begins."""


@dataclass(frozen=True)
class Played:
    """The cast as it was played, and the ``folder`` with its elements' files."""

    folder: Path
    cast: Cast

    def again(self, base: DjangoDatabase, time: ManualClock, folder: Path) -> Cast:
        """The same cast on ``base``, a copy of the database it was played on, with its elements' files in ``folder``."""
        for kept in self.folder.glob("simulated-hlr.sqlite3*"):
            shutil.copy(kept, folder)
        elements = make_elements(hlr="simulated", folder=folder)
        provide_elements(elements)
        time.advance(OPEN_FOR)
        return replace(
            self.cast, base=base, time=time, elements=elements, worker=make_worker(elements, base=base),
            li_wei=replace(self.cast.li_wei), anna=replace(self.cast.anna), sergei=replace(self.cast.sergei),
        )  # fmt: skip


def play_once(url: str, folder: Path) -> Played:
    """Play the cast on the empty database at ``url``; its elements keep their files in ``folder``."""
    time = ManualClock(START, seed=0)
    with clock.use(time), opened(url) as base:
        return Played(folder, Cast.play(base, time, folder))

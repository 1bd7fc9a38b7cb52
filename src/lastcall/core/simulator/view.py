"""What choosing looks at: the world in memory as it is now, and the random choice itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any, TypeVar

from lastcall.core.closing.case import Case
from lastcall.core.job import Job
from lastcall.core.memory import MemoryStore
from lastcall.core.numbers.number import PendingRelease, Quarantine
from lastcall.core.numbers.sim import Sim
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.simulator.people import SCRIPTS
from lastcall.core.simulator.steps import Step
from lastcall.core.simulator.world import NUMBERS, World
from lastcall.core.subscribers.line import Line

T = TypeVar("T")

PEOPLE = tuple(script.key for script in SCRIPTS)
LETTERS = {msisdn: letter for letter, msisdn in NUMBERS.items()}


@dataclass(slots=True)
class View:
    """``random``: decides everything that is chosen; ``numbers``: the letters that this history plays with."""

    world: World
    store: MemoryStore
    random: Random
    numbers: tuple[str, ...]

    def one_of(self, values: Sequence[T]) -> T:
        return values[int(self.random.random() * len(values))]

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def step(self, act: str, **words: Any) -> Step:
        return Step(act, words)

    @property
    def number(self) -> str:
        return self.one_of(self.numbers)

    @property
    def person(self) -> str:
        return self.one_of(PEOPLE)

    @property
    def case(self) -> int | None:
        """The place of a case: the latest more often than the others."""
        count = len(self.world.cases)
        if count == 0:
            return None
        return count - 1 if self.chance(0.5) else int(self.random.random() * count)

    @property
    def line(self) -> int | None:
        count = len(self.world.lines)
        return int(self.random.random() * count) if count else None

    def case_row(self, case: int) -> Case:
        return self.store.rows(Case)[self.world.cases[case]]

    def line_row(self, line: int) -> Line:
        return self.store.rows(Line)[self.world.lines[line]]

    def line_place(self, line_id: int | None) -> int:
        return self.world.lines.index(line_id) if line_id in self.world.lines else 0

    def holder_of(self, line_id: int | None) -> str:
        """Whose line it is, or somebody."""
        line = self.store.rows(Line).get(line_id)
        for key, person in self.world.people.items():
            if line is not None and person.subscriber_id == line.subscriber_id:
                return key
        return PEOPLE[0]

    def sim_of(self, line_id: int | None) -> int:
        """The place of the line's SIM."""
        line = self.store.rows(Line).get(line_id)
        return self.world.sims.index(self.store.rows(Sim)[line.sim_id].iccid) if line else 0

    @property
    def sim(self) -> int:
        """The place of a SIM: mostly one in stock."""
        if self.chance(0.85):
            for row in self.store.rows(Sim).values():
                if row.state == "in_stock":
                    return self.world.sims.index(row.iccid)
        return int(self.random.random() * len(self.world.sims))

    def open_tenure(self, number: str) -> Tenure | None:
        msisdn = NUMBERS[number]
        for tenure in self.store.rows(Tenure).values():
            if tenure.msisdn == msisdn and tenure.until is None:
                return tenure
        return None

    def deadlines(self) -> list[int]:
        """Seconds from now to what is due later: holds, windows, quarantines, jobs."""
        now = self.world.clock.now()
        moments = [case.hold_until for case in self.store.rows(Case).values() if case.state == "on_hold"]
        moments += [row.reclaim_until for row in self.store.rows(PendingRelease).values()]
        moments += [row.quarantine_until for row in self.store.rows(Quarantine).values()]
        moments += [job.due_at for job in self.store.rows(Job).values() if job.state in {"queued", "leased"}]
        later = {moment - now for moment in moments if moment is not None and moment > now}
        return sorted(int(span / timedelta(seconds=1)) for span in later)

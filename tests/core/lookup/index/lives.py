"""What happens to numbers, by the rules that production applies: one thing at a time, or many at random."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import numpy as np

from lastcall.core import clock
from lastcall.core.actor import WORKER, Actor
from lastcall.core.lookup.coverage import our_inn
from lastcall.core.lookup.evidence import evidences
from lastcall.core.lookup.index.file import Index
from lastcall.core.lookup.pair import pair_of
from lastcall.core.numbers import correction, rules
from lastcall.core.numbers.life import claim_life, read_life
from lastcall.core.numbers.range import Operator, Range
from lastcall.core.numbers.rules import NumberLife
from lastcall.core.numbers.sweep import sweep
from lastcall.core.numbers.tenure import Tenure
from lastcall.core.plan import Insert, InsertMissing, Plan
from lastcall.core.store import Store
from tests.cast import NIKOLAI, Cast, Holder

OURS: Final = 79100000000
"""Where our own range begins: the one of the cast is another operator's."""
VERA: Final = Actor("number_manager", "vera", "system")


def give_range(cast: Cast, first: int, last: int) -> None:
    """The register gives us these numbers."""

    def write(rows: Store) -> None:
        row = Range(id=clock.new_id(), first=first, last=last, operator_id=our_inn(), region="", territory="")
        rows.apply(Plan((InsertMissing(Operator(inn=our_inn(), name="Ours")), Insert(row))))

    cast.base.transact(write)


def happen(cast: Cast, what: str, msisdn: int, subscriber_id: int = 0) -> None:
    """One step in a number's life. ``subscriber_id``: to whom it is given."""

    def apply(rows: Store) -> None:
        rows.apply(_plan(cast, what, claim_life(rows, msisdn), subscriber_id))

    cast.base.transact(apply)


def _plan(cast: Cast, what: str, life: NumberLife, subscriber_id: int) -> Plan:
    now, latest = clock.now(), life.latest
    if what == "assign":
        return rules.assign(life, subscriber_id=subscriber_id, purpose="", actor=NIKOLAI, now=now)[1]
    if what == "withdraw":
        return rules.withdraw(life, actor=NIKOLAI, now=now)
    if what == "return":
        return rules.give_back(life, policy=cast.policy, actor=NIKOLAI, now=now)
    assert latest is not None
    if what == "cease":
        return rules.cease(
            life, tenure=latest, confirmed_at=now, policy=cast.policy, actor=WORKER, now=now, case_id=latest.id
        )
    if what == "reactivate":
        return rules.reactivate(
            life, former=latest, subscriber_id=latest.subscriber_id, actor=WORKER, now=now, approver="reviewer:irina"
        )[1]
    if what == "transfer":
        return rules.transfer(life, tenure=latest, subscriber_id=subscriber_id, actor=NIKOLAI, now=now)[1]
    assert what == "port_out"
    return rules.port_out(life, tenure=latest, actor=NIKOLAI, now=now)


def latest_tenure(cast: Cast, msisdn: int) -> Tenure:
    """The number's newest tenure."""
    return cast.base.transact(lambda rows: rows.some(Tenure, {"msisdn": msisdn}, order="-ordinal", limit=1))[0]


def put_right(cast: Cast, tenure_id: int) -> None:
    """The closing of this tenure was reported wrongly."""
    asked = correction.ask(
        cast.base, tenure_id=tenure_id, reason="wrong_line", reference="No. 17", policy=cast.policy, actor=NIKOLAI
    )
    correction.approve(cast.base, correction_id=asked.id, actor=VERA)


def close(cast: Cast, holder: Holder) -> None:
    """The rule of a cease, without the case before it."""
    happen(cast, "cease", holder.msisdn)


_POSSIBLE: Final = {
    "available": ("assign", "assign", "assign", "assign", "assign", "withdraw"),
    "in_service": ("cease", "cease", "cease", "transfer", "port_out"),
    "pending_release": ("reactivate", "reactivate", "wait", "wait"),
    "quarantined": ("wait",),
    "ported_out": ("return", "return", "withdraw"),
    "withdrawn": ("wait",),
}  # fmt: skip


@dataclass
class Walk:
    """A walk through the lives of a few numbers, the same for the same seed."""

    cast: Cast
    seed: int
    msisdns: tuple[int, ...] = tuple(range(OURS, OURS + 24))
    taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    def go(self, steps: int) -> None:
        """So many steps, hours or months apart, with the sweep now and then."""
        for _ in range(steps):
            self.cast.time.advance(timedelta(hours=self._random.choice((0, 1, 5, 20, 30, 200))))
            if self._random.random() < 0.1:
                self.cast.time.advance(timedelta(days=70))
                sweep(self.cast.base)
            self._step(self._random.choice(self.msisdns))

    def _step(self, msisdn: int) -> None:
        life = self.cast.base.transact(lambda rows: read_life(rows, msisdn))
        action = self._random.choice(_POSSIBLE[life.state])
        latest = life.latest
        self.taken.add(action)
        if action == "wait" or (action == "reactivate" and self._too_late(latest)):
            return
        happen(self.cast, action, msisdn, self._somebody_else(latest if action == "transfer" else None))
        if action == "reactivate" and self._random.random() < 0.5:
            assert latest is not None
            put_right(self.cast, latest.id)
            self.taken.add("correct")

    @staticmethod
    def _too_late(tenure: Tenure | None) -> bool:
        return tenure is None or tenure.reclaim_until is None or clock.now() >= tenure.reclaim_until

    def _somebody_else(self, tenure: Tenure | None) -> int:
        people = [self.cast.li_wei, self.cast.anna, self.cast.sergei]
        ids = [holder.subscriber.id for holder in people]
        return self._random.choice([one for one in ids if tenure is None or one != tenure.subscriber_id])


def agrees(cast: Cast, path: Path, msisdns: tuple[int, ...]) -> None:
    """The index says of each number what the rule says of its evidence, read one by one from the rows."""
    index = Index.open(path)
    read = cast.base.transact(lambda rows: evidences(rows, msisdns=msisdns, known_since=date.min))
    wrong = {
        msisdn: (index.find(msisdn), pair_of(one)) for msisdn, one in read.items() if index.find(msisdn) != pair_of(one)
    }
    assert not wrong


def same_entries(one: Path, other: Path) -> bool:
    """Whether two files hold the same pairs and directories for all numbers."""
    left, right = Index.open(one), Index.open(other)
    begins = np.flatnonzero(left.directory >= 0)
    if not np.array_equal(begins, np.flatnonzero(right.directory >= 0)):
        return False
    one_by_one, anew = (index.entries.reshape(-1, 10_000, 2)[index.directory[begins]] for index in (left, right))
    return np.array_equal(one_by_one, anew)

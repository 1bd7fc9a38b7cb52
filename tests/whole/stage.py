"""The stage for stories of processes: a cast whose phones are on the air, and errands on its database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from lastcall.core.closing.receipts import Receipt
from lastcall.core.job import Job
from lastcall.core.work import LEASE
from tests.cast import FIRST, Cast, Holder
from tests.whole.checks import VLR, closed_right, each_notice_was_sent_once, invariants_hold, rows_of, simulated
from tests.whole.worker_process import Errand

Leaver = tuple[Receipt, Holder]


@dataclass(frozen=True)
class Stage:
    """The cast with its database's ``url`` and its elements' ``folder``, for other processes."""

    cast: Cast
    url: str
    folder: Path

    def errand(self, **what: Any) -> Errand:
        """An errand at the present moment of the test's clock."""
        return Errand(url=self.url, folder=str(self.folder), now=self.cast.time.now().isoformat(), **what)

    def after_the_lease(self) -> None:
        """Let the time pass after which another worker may take over what a dead one had."""
        self.cast.time.advance(LEASE + timedelta(seconds=1))

    def attach(self, holder: Holder) -> None:
        """The holder's phone comes on the air."""
        assert simulated(self.cast).attach(self.cast.sim_of(holder).imsi, VLR).accepted

    def li_wei_is_leaving(self) -> Leaver:
        """His phone is on the air, his hold is over, the cease decided, and nothing outside has been touched."""
        self.attach(self.cast.li_wei)
        return self.cast.ceasing(), self.cast.li_wei

    def many_have_declared(self, count: int) -> list[Leaver]:
        """Anna declares that ``count`` lines shall end and proves who she is; no worker has looked at it yet."""
        anna, cast = self.cast.anna, self.cast
        holders = [Holder(anna.subscriber, anna.document, anna.mail) for _ in range(count)]
        for place, holder in enumerate(holders):
            cast.give_line(holder, FIRST + 2_000 + place)
            self.attach(holder)
        cast.time.advance(timedelta(days=60))
        return [(self._declared(holder), holder) for holder in holders]

    def _declared(self, holder: Holder) -> Receipt:
        receipt = self.cast.declare(holder.msisdn)
        self.cast.prove_in_person(receipt, holder)
        self.cast.keep_sim(receipt)
        return receipt

    def many_are_leaving(self, count: int) -> list[Leaver]:
        """The hold of each of ``count`` lines of Anna's is over and its cease due, and nothing else is."""
        leavers, cast = self.many_have_declared(count), self.cast
        cast.work()
        cast.time.advance(timedelta(days=8))
        while {cast.case(receipt).state for receipt, _ in leavers} != {"ceasing"}:
            assert cast.worker.run_one() is not None
        assert {job.kind for job in self.due()} == {"case.cease"}
        return leavers

    def due(self) -> list[Job]:
        """The jobs that a worker could take now."""
        now = self.cast.time.now()
        return [job for job in rows_of(self.cast, Job, state__in=["queued", "leased"]) if job.due_at <= now]

    def all_is_right(self, leavers: list[Leaver]) -> None:
        """Every case closed as it should, every notice sent once, and nothing broken."""
        for receipt, holder in leavers:
            closed_right(self.cast, receipt, holder)
        each_notice_was_sent_once(self.cast, self.folder)
        invariants_hold(self.cast)

"""A whole closing on an HLR that lies, is late, slow or down: the number is never freed before the network let it go."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from lastcall.core.closing.receipts import Receipt
from lastcall.core.job import Alert, Job
from lastcall.core.work import MOST_ATTEMPTS, retry
from lastcall.elements.billing.models import Entry
from lastcall.elements.hlr.faulty import Fault, FaultyHlr
from lastcall.site.wiring import make_worker
from tests.cast import LI_WEI_MSISDN, Cast
from tests.whole.checks import attempts, life_of, rows_of
from tests.whole.stage import Stage

ONCE = {fault: (fault,) for fault in Fault}
ALWAYS = {fault: itertools.repeat(fault) for fault in Fault}
TROUBLES = (Fault.DOWN, Fault.SLOW, Fault.LATE, Fault.LIES)
HARMLESS = {("bar", Fault.LATE), ("take_number_off", Fault.LATE)}  # done each time: the next look sees it


@pytest.fixture
def database_url(sqlite_copy: str) -> str:
    """SQLite alone: what the network answers does not hang on our database."""
    return sqlite_copy


@dataclass
class Closing:
    """Li Wei's closing on a faulty HLR, looked at from outside at every moment of it."""

    stage: Stage
    receipt: Receipt
    broken: list[AssertionError] = field(default_factory=list)

    @property
    def cast(self) -> Cast:
        return self.stage.cast

    def fails(self, faults: Mapping[str, Iterable[Fault]]) -> None:
        """From now on the HLR fails like that."""
        elements = replace(self.cast.elements, hlr=FaultyHlr(self.cast.elements.hlr, faults))
        self.cast.worker = make_worker(elements, base=self.cast.base, watch=self.note)

    def note(self, step: str, moment: str) -> None:
        """Look, and keep what is wrong: the worker would take it for one more trouble and try again."""
        try:
            self.look()
        except AssertionError as wrong:
            self.broken.append(wrong)

    def look(self) -> None:
        """Nothing is freed, paid out or called confirmed that the network has not let go."""
        entry = self.cast.elements.hlr.look(self.cast.sim_of(self.cast.li_wei).imsi)
        assert entry is not None
        if entry.in_service or entry.msisdn is not None:
            assert life_of(self.cast, LI_WEI_MSISDN).state == "in_service"
            assert self.cast.sim_of(self.cast.li_wei).state != "dead"
            assert not Entry.objects.filter(kind__in=["stop", "settlement", "refund"]).exists()
        if entry.in_service:
            assert self.cast.case(self.receipt).network_confirmed_at is None

    def job(self) -> Job:
        (job,) = rows_of(self.cast, Job, kind="case.cease")
        return job

    def go_on_to_the_end(self) -> str:
        """Work, try after try, until the case is closed or a person is called: how it ended."""
        for _ in range(MOST_ATTEMPTS + 1):
            self.cast.work()
            self.look()
            assert not self.broken
            if self.job().state in {"done", "dead"}:
                return "closed" if self.job().state == "done" else "a person is called"
            self.cast.time.advance(timedelta(hours=1))
        raise AssertionError(f"after {self.job().attempts} tries it is still {self.job().state}")


@pytest.fixture
def closing(stage: Stage) -> Closing:
    """The cease is decided; Li Wei's phone is on the air."""
    return Closing(stage, stage.li_wei_is_leaving()[0])


def person_was_called(closing: Closing) -> None:
    """Once, for this case, which stands where it stood."""
    (alert,) = rows_of(closing.cast, Alert)
    assert (alert.code, alert.subject_id) == ("case.cease", closing.receipt.case_id)
    case = closing.cast.case(closing.receipt)
    assert (case.state, case.stuck_at) == ("ceasing", closing.cast.time.now())
    assert life_of(closing.cast, LI_WEI_MSISDN).state == "in_service"


@pytest.mark.parametrize("fault", TROUBLES)
@pytest.mark.parametrize("order", ["bar", "take_number_off"])
def test_one_failed_order_is_made_good_by_the_next(closing: Closing, order: str, fault: Fault) -> None:
    closing.fails({order: ONCE[fault]})

    assert closing.go_on_to_the_end() == "closed"

    closing.stage.all_is_right([(closing.receipt, closing.cast.li_wei)])
    assert attempts(closing.cast, closing.receipt)[order] == 2


@pytest.mark.parametrize("fault", TROUBLES)
@pytest.mark.parametrize("order", ["bar", "take_number_off"])
def test_an_order_that_never_works_brings_a_person_and_frees_nothing(
    closing: Closing, order: str, fault: Fault
) -> None:
    closing.fails({order: ALWAYS[fault]})

    if (order, fault) in HARMLESS:
        assert closing.go_on_to_the_end() == "closed"
        return
    assert closing.go_on_to_the_end() == "a person is called"

    person_was_called(closing)
    assert attempts(closing.cast, closing.receipt)[order] == MOST_ATTEMPTS


@pytest.mark.parametrize("fault", [Fault.DOWN, Fault.SLOW, Fault.LATE])
def test_an_hlr_that_cannot_be_looked_at_confirms_nothing(closing: Closing, fault: Fault) -> None:
    closing.fails({"look": ALWAYS[fault]})

    assert closing.go_on_to_the_end() == "a person is called"

    person_was_called(closing)


def test_an_hlr_that_goes_away_between_order_and_read_back_confirms_nothing(closing: Closing) -> None:
    closing.fails({"look": itertools.chain([Fault.NONE], ALWAYS[Fault.DOWN])})

    assert closing.go_on_to_the_end() == "a person is called"

    person_was_called(closing)
    entry = closing.cast.elements.hlr.look(closing.cast.sim_of(closing.cast.li_wei).imsi)
    assert entry is not None and not entry.in_service  # barred in truth, and still not believed


@pytest.mark.parametrize("order", ["bar", "take_number_off"])
def test_once_the_liar_is_mended_the_person_brings_it_to_the_end(closing: Closing, order: str) -> None:
    closing.fails({order: ALWAYS[Fault.LIES]})
    closing.go_on_to_the_end()

    closing.fails({})
    assert closing.cast.work() == 0
    retry(closing.cast.base, job_id=closing.job().id, by="administrator:irina")
    assert closing.go_on_to_the_end() == "closed"

    (alert,) = rows_of(closing.cast, Alert)
    assert alert.resolved_by == "administrator:irina"
    assert closing.cast.case(closing.receipt).stuck_at is None


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_hlr_does_it_ends_closed_or_with_a_person(closing: Closing, seed: int) -> None:
    dice = random.Random(seed)

    def script(faults: tuple[Fault, ...]) -> list[Fault]:
        return dice.choices(faults, k=dice.randint(0, 40))

    orders = (Fault.NONE, *TROUBLES)
    closing.fails(
        {"look": script((Fault.NONE, Fault.NONE, Fault.DOWN, Fault.SLOW, Fault.LATE)), "bar": script(orders),
         "take_number_off": script(orders)}
    )  # fmt: skip

    if closing.go_on_to_the_end() == "a person is called":
        person_was_called(closing)
        closing.fails({})
        retry(closing.cast.base, job_id=closing.job().id, by="administrator:irina")
        assert closing.go_on_to_the_end() == "closed"

    closing.cast.work()
    closing.stage.all_is_right([(closing.receipt, closing.cast.li_wei)])

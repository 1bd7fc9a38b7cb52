"""The whole closing on a real osmo-hlr, with a VLR that serves Li Wei's phone: what the network sees of it."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from lastcall.core.closing.cease import Watch
from lastcall.core.closing.reactivate import reactivate
from lastcall.core.job import Alert, Job
from lastcall.core.numbers.sweep import sweep
from lastcall.core.work import LEASE, MOST_ATTEMPTS, retry
from lastcall.elements.hlr.osmo_hlr import OsmoHlr
from lastcall.elements.hlr.vty import VtyClient
from lastcall.elements.hlr.wire import Wire
from lastcall.elements.network import Deadline
from lastcall.site.wiring import make_elements, make_worker
from tests.cast import LI_WEI_MSISDN, OLGA, PASSPORT, Cast
from tests.elements.hlr.network import OsmoNetwork, osmo_network
from tests.elements.hlr.osmo import VTY_PORT, OsmoHlrProcess
from tests.whole.checks import invariants_hold, life_of, rows_of
from tests.whole.waiting import wait_until

pytestmark = pytest.mark.element

IMSI_UNKNOWN, PLMN_NOT_ALLOWED = 2, 11  # 3GPP TS 24.008, 10.5.5.14
A_LITTLE = timedelta(minutes=1)


@dataclass
class OnTheAir:
    """The cast on a real HLR: Li Wei's phone is attached at the VLR."""

    cast: Cast
    process: OsmoHlrProcess
    network: OsmoNetwork
    imsi: str

    def kill_the_hlr(self) -> None:
        """As by ``kill -9``: nothing is written down any more."""
        assert self.process.pid is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.stop()

    def bring_the_hlr_back(self) -> None:
        """It starts again on its own database, and the VLR comes back to it."""
        self.network.restart()

    def watched_by(self, watch: Watch) -> None:
        """From now on the worker tells ``watch`` of each moment."""
        self.cast.worker = make_worker(self.cast.elements, base=self.cast.base, watch=watch)

    def number_state(self) -> str:
        return life_of(self.cast, LI_WEI_MSISDN).state

    def cease_job(self) -> Job:
        (job,) = rows_of(self.cast, Job, kind="case.cease")
        return job


@pytest.fixture
def database_url(sqlite_copy: str) -> str:
    """SQLite alone: the network does not see which database we have."""
    return sqlite_copy


@pytest.fixture
def air(cast: Cast) -> Iterator[OnTheAir]:
    """A fresh osmo-hlr that knows Li Wei's and Anna's lines, and a VLR."""
    with tempfile.TemporaryDirectory() as folder, OsmoHlrProcess(Path(folder)) as process:
        cast.elements = replace(
            make_elements(hlr="osmo", address=process.address, folder=Path(folder)),
            messengers=cast.elements.messengers,
        )
        cast.worker = make_worker(cast.elements, base=cast.base)
        for holder in (cast.li_wei, cast.anna):
            cast.elements.hlr.provision(cast.sim_of(holder).imsi, str(holder.msisdn))
        with osmo_network(process) as network:
            imsi = cast.sim_of(cast.li_wei).imsi
            assert network.attach(imsi).accepted
            assert network.numbers_told(imsi) == [str(LI_WEI_MSISDN)]
            yield OnTheAir(cast, process, network, imsi)


def gone_from_the_network(air: OnTheAir) -> None:
    """Barred, without a number, the VLR told once per domain, the phone refused."""
    entry = air.cast.elements.hlr.look(air.imsi)
    assert entry is not None and not entry.in_service and entry.msisdn is None
    assert air.network.deletions(air.imsi) == 2
    assert air.network.attach(air.imsi).cause == PLMN_NOT_ALLOWED


def test_the_vlr_hears_of_it_and_the_phone_stays_off_the_air(air: OnTheAir) -> None:
    air.cast.closed()

    gone_from_the_network(air)
    assert air.number_state() == "pending_release"
    assert air.network.attach(air.cast.sim_of(air.cast.anna).imsi).accepted
    invariants_hold(air.cast)


def test_after_the_rest_the_entry_is_deleted_and_the_number_goes_to_sergei(air: OnTheAir) -> None:
    cast = air.cast
    cast.closed()

    cast.time.advance(timedelta(days=cast.policy.quarantine_days) - A_LITTLE)
    cast.work()
    assert sweep(cast.base).released == 0
    assert air.network.attach(air.imsi).cause == PLMN_NOT_ALLOWED
    cast.time.advance(A_LITTLE)
    cast.work()
    assert air.network.attach(air.imsi).cause == IMSI_UNKNOWN
    assert sweep(cast.base).released == 1

    cast.give_line(cast.sergei, LI_WEI_MSISDN)
    sergeis = cast.sim_of(cast.sergei).imsi
    assert air.network.attach(sergeis).accepted
    assert air.network.numbers_told(sergeis) == [str(LI_WEI_MSISDN)]
    assert air.network.attach(air.imsi).cause == IMSI_UNKNOWN
    invariants_hold(cast)


def test_given_back_the_number_is_on_the_new_sim_alone(air: OnTheAir) -> None:
    cast = air.cast
    receipt = cast.closed()
    new = cast.new_sim()
    cast.time.advance(timedelta(days=20))

    reactivate(cast.base, case_id=receipt.case_id, document=PASSPORT, iccid=new.iccid, actor=OLGA, approver="irina")
    cast.work()

    assert air.number_state() == "in_service"
    assert air.network.attach(new.imsi).accepted
    assert air.network.numbers_told(new.imsi) == [str(LI_WEI_MSISDN)]
    assert air.network.attach(air.imsi).cause == PLMN_NOT_ALLOWED
    cast.time.advance(timedelta(days=cast.policy.quarantine_days))
    cast.work()
    sweep(cast.base)
    assert air.network.attach(air.imsi).cause == IMSI_UNKNOWN
    assert air.network.attach(new.imsi).accepted
    assert air.number_state() == "in_service"
    invariants_hold(cast)


def test_a_number_to_be_given_back_waits_for_an_hlr_that_is_down(air: OnTheAir) -> None:
    cast = air.cast
    receipt = cast.closed()
    new = cast.new_sim()
    air.process.stop()
    reactivate(cast.base, case_id=receipt.case_id, document=PASSPORT, iccid=new.iccid, actor=OLGA, approver="irina")
    cast.work()
    air.bring_the_hlr_back()
    assert air.network.attach(new.imsi).cause == IMSI_UNKNOWN

    cast.time.advance(A_LITTLE)
    cast.work()

    assert air.network.attach(new.imsi).accepted
    assert air.network.numbers_told(new.imsi) == [str(LI_WEI_MSISDN)]


@pytest.mark.parametrize(
    ("step", "moment"),
    [("bar", "intended"), ("bar", "acted"), ("take_number_off", "intended"), ("take_number_off", "acted")],
)
def test_an_hlr_stopped_in_the_middle_delays_the_end_and_frees_nothing(air: OnTheAir, step: str, moment: str) -> None:
    cast = air.cast
    receipt = cast.ceasing()
    air.watched_by(lambda *now: air.process.stop() if now == (step, moment) else None)

    cast.work()
    confirmed = step == "take_number_off" and moment == "acted"  # both had been read back: the HLR is needed no more
    for _ in range(3):
        assert air.number_state() == ("pending_release" if confirmed else "in_service")
        assert cast.case(receipt).state == ("closed" if confirmed else "ceasing")
        cast.time.advance(A_LITTLE)
        cast.work()
    air.watched_by(lambda *_: None)
    air.bring_the_hlr_back()
    cast.time.advance(A_LITTLE)
    cast.work()

    assert cast.case(receipt).state == "closed"
    gone_from_the_network(air)
    assert air.number_state() == "pending_release"
    invariants_hold(cast)


class _KillsTheHlr:
    """An adapter that gives the order to bar, whereupon the HLR is killed before anybody could read it back."""

    def __init__(self, air: OnTheAir) -> None:
        self._air, self._inner = air, air.cast.elements.hlr

    def bar(self, imsi: str) -> None:
        with Wire(self._air.process.address, VTY_PORT, Deadline(5.0), where="OsmoHLR") as wire:
            VtyClient(wire).command(f"subscriber imsi {imsi} update network-access-mode none")
        wait_until(lambda: self._air.network.deletions(imsi) == 2)  # once per domain, on its way when the order returns
        self._air.kill_the_hlr()
        self._inner.bar(imsi)  # what the adapter meets now

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def test_an_hlr_killed_after_the_barring_is_asked_again_before_anything_is_freed(air: OnTheAir) -> None:
    cast = air.cast
    receipt = cast.ceasing()
    hlr: Any = _KillsTheHlr(air)
    cast.worker = make_worker(replace(cast.elements, hlr=hlr), base=cast.base)

    cast.work()
    case = cast.case(receipt)
    assert (case.state, case.network_confirmed_at) == ("ceasing", None)
    assert air.number_state() == "in_service"
    air.bring_the_hlr_back()
    cast.worker = make_worker(cast.elements, base=cast.base)
    cast.time.advance(A_LITTLE)
    cast.work()

    case = cast.case(receipt)
    assert (case.state, case.network_confirmed_at) == ("closed", cast.time.now())  # read back now, not ordered then
    gone_from_the_network(air)
    invariants_hold(cast)


def test_an_hlr_that_stays_down_brings_a_person_who_brings_it_to_the_end(air: OnTheAir) -> None:
    cast = air.cast
    receipt = cast.ceasing()
    air.process.stop()

    for _ in range(MOST_ATTEMPTS):
        assert air.cease_job().state == "queued"
        assert air.number_state() == "in_service"
        cast.work()
        cast.time.advance(timedelta(hours=1))

    (alert,) = rows_of(cast, Alert)
    assert (alert.code, alert.subject_id, alert.resolved_at) == ("case.cease", receipt.case_id, None)
    assert air.cease_job().state == "dead"
    case = cast.case(receipt)
    assert case.state == "ceasing" and case.stuck_at is not None
    assert air.number_state() == "in_service"

    air.bring_the_hlr_back()
    cast.time.advance(LEASE)
    assert cast.work() == 0  # nobody goes on behind the person's back
    retry(cast.base, job_id=air.cease_job().id, by="administrator:irina")
    cast.work()

    case = cast.case(receipt)
    assert (case.state, case.stuck_at) == ("closed", None)
    (alert,) = rows_of(cast, Alert)
    assert alert.resolved_by == "administrator:irina"
    gone_from_the_network(air)


def test_an_hlr_that_never_knew_the_sim_frees_nothing_and_brings_a_person(air: OnTheAir) -> None:
    cast = air.cast
    receipt = cast.ceasing()
    hlr = OsmoHlr(air.process.address)
    hlr.bar(air.imsi)
    hlr.remove(air.imsi)  # by somebody else, behind our back

    cast.work()

    assert air.cease_job().state == "dead"
    assert air.cease_job().attempts == 1
    assert cast.case(receipt).stuck_at is not None
    assert air.number_state() == "in_service"

"""The HLR that fails by a script does fail so, and no other way."""

from __future__ import annotations

from itertools import repeat
from pathlib import Path

import pytest

from lastcall.core.errors import ElementTrouble
from lastcall.core.ports import Hlr
from lastcall.elements.hlr.faulty import Fault, FaultyHlr
from lastcall.elements.hlr.simulated import SimulatedHlr

LI_WEI = "250010000000001"


@pytest.fixture
def inner(tmp_path: Path) -> SimulatedHlr:
    hlr = SimulatedHlr(tmp_path / "hlr.sqlite3")
    hlr.provision(LI_WEI, "79990000001")
    return hlr


def in_service(hlr: Hlr) -> bool:
    entry = hlr.look(LI_WEI)
    assert entry is not None
    return entry.in_service


def bar_in_trouble(hlr: FaultyHlr) -> str:
    with pytest.raises(ElementTrouble) as trouble:
        hlr.bar(LI_WEI)
    assert not trouble.value.permanent
    return trouble.value.code


def test_without_a_script_all_goes_well(inner: SimulatedHlr) -> None:
    hlr: Hlr = FaultyHlr(inner, {})

    hlr.bar(LI_WEI)
    hlr.take_number_off(LI_WEI)
    hlr.remove(LI_WEI)
    hlr.provision(LI_WEI, "79990000001")
    hlr.grant(LI_WEI)

    assert hlr.look(LI_WEI) == inner.look(LI_WEI) is not None
    assert isinstance(hlr, FaultyHlr)
    assert hlr.calls == ["bar", "take_number_off", "remove", "provision", "grant", "look"]
    assert hlr.name == "faulty simulated"


def test_down_does_nothing_and_says_so(inner: SimulatedHlr) -> None:
    hlr = FaultyHlr(inner, {"bar": [Fault.DOWN]})

    assert bar_in_trouble(hlr) == "unreachable"
    assert in_service(inner)


def test_slow_without_a_sleep_is_a_timeout_with_nothing_done(inner: SimulatedHlr) -> None:
    hlr = FaultyHlr(inner, {"bar": [Fault.SLOW]})

    assert bar_in_trouble(hlr) == "timeout"
    assert in_service(inner)


def test_slow_with_a_sleep_is_done_after_it(inner: SimulatedHlr) -> None:
    seen: list[tuple[float, bool]] = []
    hlr = FaultyHlr(inner, {"bar": [Fault.SLOW]}, sleep=lambda s: seen.append((s, in_service(inner))), delay=9.0)

    hlr.bar(LI_WEI)

    assert seen == [(9.0, True)]
    assert not in_service(inner)


def test_late_is_done_and_a_timeout_all_the_same(inner: SimulatedHlr) -> None:
    hlr = FaultyHlr(inner, {"bar": [Fault.LATE]})

    assert bar_in_trouble(hlr) == "timeout"
    assert not in_service(inner)


def test_a_lie_is_well_said_and_not_done(inner: SimulatedHlr) -> None:
    FaultyHlr(inner, {"bar": [Fault.LIES]}).bar(LI_WEI)

    assert in_service(inner)


def test_each_call_takes_the_next_fault_of_its_own_method(inner: SimulatedHlr) -> None:
    hlr = FaultyHlr(inner, {"bar": [Fault.DOWN, Fault.NONE, Fault.SLOW], "look": [Fault.LATE]})

    assert bar_in_trouble(hlr) == "unreachable"
    with pytest.raises(ElementTrouble, match="in time"):
        hlr.look(LI_WEI)
    hlr.bar(LI_WEI)
    assert bar_in_trouble(hlr) == "timeout"
    hlr.bar(LI_WEI)

    assert not in_service(hlr)


def test_a_script_may_have_no_end(inner: SimulatedHlr) -> None:
    hlr = FaultyHlr(inner, {"bar": repeat(Fault.DOWN)})

    assert {bar_in_trouble(hlr) for _ in range(50)} == {"unreachable"}


def test_a_script_that_makes_no_sense_is_refused(inner: SimulatedHlr) -> None:
    with pytest.raises(ValueError, match="no such method of an HLR: barr"):
        FaultyHlr(inner, {"barr": [Fault.DOWN]})
    with pytest.raises(ValueError, match="cannot lie"):
        FaultyHlr(inner, {"look": [Fault.LIES]}).look(LI_WEI)

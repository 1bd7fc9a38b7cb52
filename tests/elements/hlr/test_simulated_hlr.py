"""What is the simulated HLR's own: its file, many users at once, and the model of the serving nodes."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from lastcall.core.errors import ElementTrouble
from lastcall.elements.hlr.simulated import Attached, Seen, SimulatedHlr

LI_WEI, SERGEI = "250010000000001", "250020000000002"
NUMBER = "79990000001"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "hlr.sqlite3"


@pytest.fixture
def hlr(path: Path) -> SimulatedHlr:
    return SimulatedHlr(path)


def processes() -> Executor:
    return ProcessPoolExecutor(4, mp_context=multiprocessing.get_context("spawn"))


def threads() -> Executor:
    return ThreadPoolExecutor(8)


def claim(path: Path, imsi: str) -> str:
    """Try to get the one number for ``imsi``: the outcome's code."""
    try:
        SimulatedHlr(path).provision(imsi, NUMBER)
    except ElementTrouble as refused:
        return refused.code
    return "got it"


def bar(path: Path, _: int) -> None:
    SimulatedHlr(path).bar(LI_WEI)


def test_nothing_is_written_before_the_first_use(path: Path) -> None:
    SimulatedHlr(path)

    assert not path.exists()


@pytest.mark.parametrize("workers", [threads, processes])
def test_of_many_who_claim_a_number_at_once_one_gets_it(path: Path, workers: Callable[[], Executor]) -> None:
    imsis = [f"25001{place:010d}" for place in range(24)]

    with workers() as pool:  # they also race for making the file
        outcomes = list(pool.map(partial(claim, path), imsis))

    assert sorted(outcomes) == ["got it"] + ["number_in_use"] * 23
    hlr = SimulatedHlr(path)
    holders = [entry for imsi in imsis if (entry := hlr.look(imsi))]
    assert [holder.msisdn for holder in holders] == [NUMBER]


@pytest.mark.parametrize("workers", [threads, processes])
def test_of_many_who_bar_a_line_at_once_one_is_heard(
    path: Path, hlr: SimulatedHlr, workers: Callable[[], Executor]
) -> None:
    hlr.provision(LI_WEI, NUMBER)
    hlr.attach(LI_WEI, "VLR-1")

    with workers() as pool:
        list(pool.map(partial(bar, path), range(16)))

    assert [one.message for one in hlr.seen("VLR-1")].count("DELETE_DATA") == 2


def test_a_vlr_sees_the_whole_life_of_a_line_in_order(hlr: SimulatedHlr) -> None:
    hlr.attach(LI_WEI, "VLR-1")
    hlr.provision(LI_WEI, NUMBER)
    hlr.attach(LI_WEI, "VLR-1")
    hlr.provision(LI_WEI, "79990000002")
    hlr.bar(LI_WEI)
    hlr.attach(LI_WEI, "VLR-1")
    hlr.take_number_off(LI_WEI)
    hlr.remove(LI_WEI)
    hlr.attach(LI_WEI, "VLR-1")

    assert hlr.seen("VLR-1") == (
        Seen("UPDATE_LOCATION_ERROR", LI_WEI, cause=2),
        Seen("INSERT_DATA", LI_WEI, NUMBER),
        Seen("UPDATE_LOCATION_RESULT", LI_WEI),
        Seen("INSERT_DATA", LI_WEI, "79990000002"),
        Seen("DELETE_DATA", LI_WEI),
        Seen("DELETE_DATA", LI_WEI),
        Seen("UPDATE_LOCATION_ERROR", LI_WEI, cause=11),
        Seen("INSERT_DATA", LI_WEI, "79990000002"),
        Seen("UPDATE_LOCATION_ERROR", LI_WEI, cause=2),
    )


def test_only_the_node_that_serves_a_line_now_is_told(hlr: SimulatedHlr) -> None:
    hlr.provision(LI_WEI, NUMBER)
    hlr.attach(LI_WEI, "VLR-1")
    hlr.attach(LI_WEI, "VLR-2")

    hlr.bar(LI_WEI)

    assert "DELETE_DATA" not in [one.message for one in hlr.seen("VLR-1")]
    assert [one.message for one in hlr.seen("VLR-2")].count("DELETE_DATA") == 2


def test_calls_and_data_at_two_nodes_are_both_ended(hlr: SimulatedHlr) -> None:
    hlr.provision(LI_WEI, NUMBER)
    hlr.attach(LI_WEI, "VLR-1")
    hlr.attach(LI_WEI, "SGSN-1", domain="ps")

    hlr.bar(LI_WEI)

    for node in ("VLR-1", "SGSN-1"):
        assert [one.message for one in hlr.seen(node)].count("DELETE_DATA") == 2
    assert hlr.attach(LI_WEI, "SGSN-1", domain="ps") == Attached(accepted=False, cause=7)


def test_the_serving_node_of_a_removed_line_is_forgotten(hlr: SimulatedHlr) -> None:
    hlr.provision(LI_WEI, NUMBER)
    hlr.attach(LI_WEI, "VLR-1")
    hlr.bar(LI_WEI)
    hlr.remove(LI_WEI)

    hlr.provision(LI_WEI, NUMBER)

    entry = hlr.look(LI_WEI)
    assert entry is not None
    assert entry.serving_vlr is None


def test_row_ids_come_back_after_a_removal_as_they_do_in_osmohlr(hlr: SimulatedHlr, path: Path) -> None:
    ids = []
    for imsi in (LI_WEI, SERGEI):
        hlr.provision(imsi, NUMBER)
        with sqlite3.connect(path) as connection:
            ids.append(connection.execute("SELECT id FROM subscriber WHERE imsi = ?", (imsi,)).fetchone())
        connection.close()
        hlr.bar(imsi)
        hlr.remove(imsi)

    assert ids[0] == ids[1]


def test_a_file_that_another_holds_too_long_is_trouble_for_now(hlr: SimulatedHlr, path: Path) -> None:
    hlr.provision(LI_WEI, NUMBER)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")

    with pytest.raises(ElementTrouble) as waited:
        SimulatedHlr(path, patience=0.05).bar(LI_WEI)
    holder.close()

    assert (waited.value.permanent, waited.value.code) == (False, "timeout")


@pytest.mark.parametrize("spoil", ["no folder", "no database"])
def test_a_file_that_cannot_be_used_is_trouble_that_names_it(tmp_path: Path, spoil: str) -> None:
    path = tmp_path / "none" / "hlr.sqlite3" if spoil == "no folder" else tmp_path / "hlr.sqlite3"
    if spoil == "no database":
        path.write_text("The quick brown fox jumps over the lazy dog. " * 50)

    with pytest.raises(ElementTrouble, match=r"hlr\.sqlite3") as refused:
        SimulatedHlr(path).look(LI_WEI)

    assert refused.value.code == "unreachable"

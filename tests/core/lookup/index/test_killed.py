"""Killed with signal 9, anywhere, again and again, or cut off from power: the next update brings the index to rights."""

from __future__ import annotations

import os
import random
import signal
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import pytest
from django.db import connections

from lastcall.core.lookup.index import advance as advancing
from lastcall.core.lookup.index import layout
from lastcall.core.lookup.index.build import build
from lastcall.core.lookup.index.file import Index
from lastcall.core.lookup.index.status import status
from lastcall.core.lookup.index.update import update
from lastcall.core.lookup.index.writer import Writer, opened
from tests.cast import ANNA_MSISDN, Cast
from tests.core.lookup.index.lives import Walk, agrees, close, same_entries

# How a file is left behind does not hang on the database; only the first test runs on both.
only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
POINTS = [
    (method, when) for method in ("store", "seal", "settle", "mark", "tell") for when in ("before", "within", "after")
]


def start(cast: Cast, work: Callable[[], object]) -> int:
    """Do ``work`` in a process of its own, which begins without any connection to the database; returns its number."""
    cast.base.close()
    connections.close_all()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads that do not go along: none is needed here
        child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return child


def ended_by(child: int) -> int:
    """Its signal, 0 when it ended by itself and well."""
    _, how = os.waitpid(child, 0)
    assert os.WIFSIGNALED(how) or os.WEXITSTATUS(how) == 0
    return os.WTERMSIG(how) if os.WIFSIGNALED(how) else 0


def die(*_: object) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("still alive")


def dies(method: str, when: str) -> None:
    """From now on this process dies before, within or after its writer's ``method``."""
    real: Callable[..., Any] = getattr(Writer, method)

    def instead(writer: Writer, *args: Any, **named: Any) -> None:
        if when == "within" and method == "store":
            half = len(args[0]) // 2
            writer.pairs[args[0][:half]] = args[1][:half]
        if when == "within" and method == "mark":
            Writer._flush_header = die  # type: ignore[assignment, method-assign]
        if when == "before" or (when == "within" and method != "mark"):
            die()
        real(writer, *args, **named)
        die()

    setattr(Writer, method, instead)


def test_killed_at_every_point_of_an_update_the_next_one_finishes_it(cast: Cast, path: Path) -> None:
    build(cast.base, path=path, policy=cast.policy)
    walk = Walk(cast, 11)
    for method, when in POINTS:
        walk.go(6)

        def killed(method: str = method, when: str = when) -> None:
            dies(method, when)
            update(cast.base, path=path, policy=cast.policy)

        before = _pairs(path, walk)
        assert ended_by(start(cast, killed)) == signal.SIGKILL
        left = _pairs(path, walk)
        update(cast.base, path=path, policy=cast.policy)
        healed = _pairs(path, walk)
        assert all(pair in either for pair, *either in zip(left, before, healed, strict=True))
        assert status(cast.base, path=path).sound
        agrees(cast, path, walk.msisdns)
    assert not Index.open(path).superseded
    anew = path.with_name("anew")
    build(cast.base, path=anew, policy=cast.policy)
    assert same_entries(path, anew)


def _pairs(path: Path, walk: Walk) -> list[tuple[int, int]]:
    index = Index.open(path)
    return [index.find(msisdn) for msisdn in walk.msisdns]


@only_sqlite
def test_killed_at_any_moment_many_times_over_the_last_update_heals_it(
    cast: Cast, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With batches of a few events each update has many steps; every number is what it was or what it became."""
    monkeypatch.setattr(advancing, "BATCH", 2)
    build(cast.base, path=path, policy=cast.policy)
    walk, moments, deaths = Walk(cast, 12), random.Random(5), 0
    for _ in range(25):
        walk.go(3)
        child = start(cast, lambda: update(cast.base, path=path, policy=cast.policy))
        time.sleep(moments.uniform(0, 0.03))  # the kill is to come at any moment, so there is nothing to wait for
        os.kill(child, signal.SIGKILL)
        deaths += ended_by(child) == signal.SIGKILL
    assert deaths > 6
    update(cast.base, path=path, policy=cast.policy)
    assert status(cast.base, path=path).sound
    agrees(cast, path, walk.msisdns)
    anew = path.with_name("anew")
    build(cast.base, path=anew, policy=cast.policy)
    assert same_entries(path, anew)


@only_sqlite
def test_a_build_that_is_killed_leaves_the_old_index_in_use(cast: Cast, path: Path) -> None:
    build(cast.base, path=path, policy=cast.policy)
    before, moments = path.read_bytes(), random.Random(6)
    for _ in range(10):
        child = start(cast, lambda: build(cast.base, path=path, policy=cast.policy, progress=die))
        assert ended_by(child) == signal.SIGKILL
    assert path.read_bytes() == before
    for _ in range(10):
        close_time = moments.uniform(0, 0.05)
        child = start(cast, lambda: build(cast.base, path=path, policy=cast.policy))
        time.sleep(close_time)  # at any moment
        os.kill(child, signal.SIGKILL)
        ended_by(child)
        agrees(cast, path, (ANNA_MSISDN,))
    assert build(cast.base, path=path, policy=cast.policy).sound
    assert not path.with_name("lookup.index.new").exists()


@only_sqlite
def test_after_a_fall_of_power_with_half_the_pages_written_the_next_update_heals_it(
    cast: Cast, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(cast.base, path=path, policy=cast.policy)
    walk, pages = Walk(cast, 13), np.random.default_rng(7)

    def cut_off() -> None:
        dies("settle", "before")
        update(cast.base, path=path, policy=cast.policy)

    for _ in range(8):
        walk.go(8)
        old = path.read_bytes()
        assert ended_by(start(cast, cut_off)) == signal.SIGKILL
        new = path.read_bytes()
        # Before the pages are settled the system may have written any of them, in any order.
        path.write_bytes(_torn(old, new, pages))
        update(cast.base, path=path, policy=cast.policy)
        assert status(cast.base, path=path).sound
        agrees(cast, path, walk.msisdns)


def _torn(old: bytes, new: bytes, random: np.random.Generator) -> bytes:
    """Each page that differs as it was or as it became."""
    rest = bytes(-len(old) % layout.PAGE)
    before, after = (np.frombuffer(one + rest, np.uint8).reshape(-1, layout.PAGE) for one in (old, new))
    differing = np.flatnonzero((before != after).any(axis=1))
    mixed = before.copy()
    written = differing[random.random(len(differing)) < 0.5]
    mixed[written] = after[written]
    return mixed.tobytes()[: len(old)]


@only_sqlite
def test_a_pair_is_never_seen_by_halves(cast: Cast, path: Path) -> None:
    close(cast, cast.anna)
    build(cast.base, path=path, policy=cast.policy)
    index, one, other = Index.open(path), (0x0101, 0x0202), (0xFEFE, 0xFDFD)

    def write() -> None:
        with opened(path) as writer:
            places = writer.places(np.full(200, ANNA_MSISDN))
            values = np.array([one[0] | one[1] << 16, other[0] | other[1] << 16] * 100, np.uint32)
            while True:
                writer.store(places, values)

    before = index.find(ANNA_MSISDN)
    child = start(cast, write)
    try:
        seen = {index.find(ANNA_MSISDN) for _ in range(300_000)}
    finally:
        os.kill(child, signal.SIGKILL)
        ended_by(child)
    assert seen <= {before, one, other}
    assert {one, other} <= seen

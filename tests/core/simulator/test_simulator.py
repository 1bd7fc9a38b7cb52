"""The simulator: many histories without a violation, the same ones again by their seed, and the command in front of it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from lastcall.core import clock
from lastcall.core.audit.life import life_of_memory
from lastcall.core.memory import MemoryStore
from lastcall.core.numbers.sim import Sim
from lastcall.core.rows import Row
from lastcall.core.simulator.checking import Checker, billed
from lastcall.core.simulator.history import History, begin, play
from lastcall.core.simulator.memo import memoised
from lastcall.core.simulator.run import Found, run
from lastcall.core.simulator.steps import take
from lastcall.core.simulator.world import Crash
from lastcall.site.commands.simulate import simulate
from tests.core.simulator.bugs import BUGS

BROKEN = next(bug for bug in BUGS if bug.name == "a_bonus_is_paid_out")
MANY = 50_000


def test_it_plays_fifty_thousand_histories_without_a_violation() -> None:
    report = run(MANY, seed=1)
    assert report.found is None, _told(report.found)
    assert report.histories == MANY
    assert report.violations == 0
    assert report.invariants >= 14
    assert report.closed_share >= 0.25
    assert 25 <= report.steps / report.histories <= 40


def _told(found: Found | None) -> str:
    return "" if found is None else "\n".join([f"{found.seed}: {found.invariant}: {found.text}", *found.steps])


def test_the_same_seed_plays_the_same_histories() -> None:
    first, second = ([_lines(play(seed)) for seed in range(77, 97)] for _ in range(2))
    assert first == second
    assert len({tuple(lines) for lines in first}) == len(first)


def _lines(history: History) -> list[str]:
    return [f"{step}: {outcome}" for step, outcome in history.steps]


def test_one_process_and_two_give_the_same_report() -> None:
    assert run(200, seed=5, processes=1) == run(200, seed=5, processes=2)


def test_what_is_remembered_changes_no_history() -> None:
    plain = [_lines(play(seed)) for seed in range(20)]
    with memoised():
        assert [_lines(play(seed)) for seed in range(20)] == plain


def test_a_failing_history_is_played_again_by_its_own_seed() -> None:
    with BROKEN.plant():
        report = run(10_000, seed=500_000, processes=1)
        assert report.found is not None
        again = run(1, seed=report.found.seed, processes=1)
    assert again.failing_seed == report.failing_seed == report.found.seed
    assert again.found == report.found
    assert report.violations == 1


def test_it_looks_at_the_same_lives_as_the_auditor() -> None:
    for seed in range(40, 60):
        world, view, drawn = begin(seed)
        checker = Checker(world, view.store)
        with clock.use(world.clock):
            for _ in range(drawn.length):
                take(world, drawn.next_step(view))
            assert not list(checker.violations())
            books = {line_id: billed(held) for line_id, held in world.billing.held.items()}
            entries = {sim.imsi: world.hlr.book.entries.get(sim.imsi) for sim in _sims(view.store)}
            for life in life_of_memory(view.store, now=world.clock.now(), hlr=entries, accounts=books):
                ours = checker.life(life.msisdn)
                for name in ("tenures", "lines", "sims", "cases", "events", "subscribers", "hlr", "accounts", "state"):
                    assert getattr(ours, name) == getattr(life, name), name
                for name in ("jobs", "effects", "notices", "codes", "contacts", "declarations"):
                    assert set(_ids(getattr(ours, name))) == set(_ids(getattr(life, name))), name


def _sims(store: MemoryStore) -> list[Sim]:
    return list(store.rows(Sim).values())


def _ids(rows: tuple[Row, ...]) -> list[tuple[object, ...]]:
    return [tuple(getattr(row, name) for name in row.spec.key) for row in rows]


def test_a_crash_passes_every_handler() -> None:
    assert not issubclass(Crash, Exception)


def test_the_command_prints_json_for_machines() -> None:
    done = CliRunner().invoke(simulate, ["--histories", "60", "--seed", "3", "--processes", "1", "--json"])
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert told["histories"] == 60
    assert told["violations"] == 0
    assert told["failing_seed"] is None
    assert set(told) == {"histories", "steps", "invariants", "violations", "closed_share", "failing_seed"}


def test_the_command_fails_and_lists_the_steps_that_led_to_a_violation() -> None:
    with BROKEN.plant():
        done = CliRunner().invoke(simulate, ["--histories", "10000", "--seed", "500000", "--processes", "1"])
        assert done.exit_code == 1
        assert "  1. " in done.stdout
        seed = done.stdout.rsplit("--replay ", 1)[1].split()[0]
        again = CliRunner().invoke(simulate, ["--replay", seed])
    assert again.exit_code == 1
    assert f"History {seed} broke" in again.stdout


def test_the_command_plays_a_sound_history_again() -> None:
    done = CliRunner().invoke(simulate, ["--replay", "4"])
    assert done.exit_code == 0
    assert "broke nothing" in done.stdout


@pytest.mark.parametrize(
    "words", [["--histories", "0"], ["--processes", "0"], ["--seed", "-1"], ["--histories", "many"]]
)
def test_the_command_refuses_numbers_that_are_none(words: list[str]) -> None:
    assert CliRunner().invoke(simulate, words).exit_code == 2
